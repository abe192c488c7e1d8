package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.plan.ObjectStoragePlanner;
import com.matih.tenantmigration.activities.objectstorage.provision.BucketProvisioner;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.testing.TestCertificates;
import com.matih.tenantmigration.embedded.testing.TestCertificates.Holder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.testing.TlsProxy;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** Object stores behind TLS with a private CA, and keys that lack a right. */
class SecuredObjectsIT {

  private static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();
  private static final ObjectStores STORES = new ObjectStores(TestSecrets.ofOdd());

  private final TestCertificates certificates = TestServers.certificates();
  private final TestBuckets buckets = new TestBuckets();
  private TlsProxy shared;
  private TlsProxy dedicated;

  @BeforeEach
  void open() throws IOException {
    shared = before(TestServers.s3().endpoint(), Holder.SERVER);
    dedicated = before(TestServers.dedicatedS3().endpoint(), Holder.SERVER);
    TestBuckets.put(buckets.source(), "plain", "1");
  }

  @AfterEach
  void close() throws IOException {
    shared.close();
    dedicated.close();
    buckets.close();
  }

  private TlsProxy before(String endpoint, Holder holder) throws IOException {
    return TlsProxy.before(URI.create(endpoint).getPort(), certificates.serverSide(holder));
  }

  private static Location at(Location location, String endpoint, Path ca) {
    return new Location(
        endpoint,
        location.region(),
        location.bucket(),
        location.prefix(),
        "${env:ODD}",
        "${env:ODD}",
        endpoint.startsWith("https:") ? ca.toString() : null);
  }

  private static String https(int port) {
    return "https://127.0.0.1:" + port;
  }

  private MigrationContext context(String endpoint, Path ca) {
    return buckets.context(
        new ObjectStorageSpec(
            at(buckets.spec().source(), endpoint, ca),
            at(buckets.spec().target(), https(dedicated.port()), certificates.ca()),
            4));
  }

  private static List<Refusal> refusals(MigrationContext context) {
    return new ObjectStoragePlanner(STORES).plan(context, MONITOR).refusals();
  }

  @Test
  void objectsMoveOverTlsThoseWithHeadersOfAnyTextToo() {
    var unused =
        buckets
            .source()
            .call(
                "put",
                s3 ->
                    s3.putObject(
                        put ->
                            put.bucket(buckets.source().bucket())
                                .key(buckets.source().prefix() + "described")
                                .metadata(Map.of("place", "Zürich")),
                        RequestBody.fromString("2")));
    MigrationContext context = context(https(shared.port()), certificates.ca());
    assertThat(refusals(context)).isEmpty();

    new BucketProvisioner(STORES, TestBuckets.journal()).provision(context, MONITOR);
    var unusedSummary = new ObjectCopier(STORES, TestBuckets.journal()).copy(context, MONITOR);
    Finding finding =
        new ObjectContentComparison(STORES, TestBuckets.journal()).compare(context, MONITOR);

    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(2);
    assertThat(
            new String(TestBuckets.content(buckets.target(), "described"), StandardCharsets.UTF_8))
        .isEqualTo("2");
    assertThat(buckets.target().head("described").metadata()).containsEntry("place", "Zürich");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERVER    | true  | was not signed by a CA that the worker trusts | caFile",
        "EXPIRED   | false | its certificate has expired                   | Renew it.",
        "ELSEWHERE | false | its certificate is for another host name      | Use a name",
      })
  void aCertificateThatIsNotGoodIsNamed(Holder holder, boolean strangers, String why, String remedy)
      throws Exception {
    try (TlsProxy proxy = before(TestServers.s3().endpoint(), holder)) {
      assertRefused(
          https(proxy.port()),
          strangers ? certificates.strangersCa() : certificates.ca(),
          why,
          remedy);
    }
  }

  @Test
  void aPortWithoutTlsIsNamed() {
    assertRefused(
        TestServers.s3().endpoint().replace("http:", "https:"),
        certificates.ca(),
        "it does not speak TLS on this port",
        "Correct the port");
  }

  @Test
  void aPortWithTlsAloneIsNamed() {
    assertRefused(
        "http://127.0.0.1:" + shared.port(),
        certificates.ca(),
        "the server cannot be reached or broke the connection",
        "whether it expects http or https");
  }

  private void assertRefused(String endpoint, Path ca, String why, String remedy) {
    assertThat(refusals(context(endpoint, ca)))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.object()).isEqualTo("objectStorage.source"))
        .satisfies(refusal -> assertThat(refusal.reason()).contains(why))
        .satisfies(refusal -> assertThat(refusal.remedy()).contains(remedy));
  }

  /** The embedded server has no policies. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3:ListBucket       | GET /[^/]+/?[?]list-type.*",
        "s3:GetObject        | [GH][A-Z]+ /[^/?]+/[^?]+$",
        "s3:GetObjectTagging | GET .*[?]tagging",
      })
  void thePlanNamesWhatTheSharedSidesKeyMayNotDo(String right, String denied) throws Exception {
    try (FaultyProxy proxy = denying(TestServers.s3().endpoint(), denied)) {
      MigrationContext context =
          buckets.context(
              new ObjectStorageSpec(
                  proxy.before(buckets.spec().source()), buckets.spec().target(), 4));

      assertDenied(context, right);
    }
  }

  private static void assertDenied(MigrationContext context, String right) {
    assertThat(refusals(context))
        .singleElement()
        .satisfies(
            refusal ->
                assertThat(refusal.reason() + " " + refusal.remedy())
                    .containsPattern(right + "\\b")
                    .contains("access key"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3:ListBucket                 | GET /[^/]+/?[?]list-type.*",
        "s3:ListBucketMultipartUploads | GET .*[?]uploads.*",
        "s3:GetObject                  | [GH][A-Z]+ /[^/?]+/[^?]+$",
        "s3:GetObjectTagging           | GET .*[?]tagging",
        "s3:PutObject                  | PUT .*[?]partNumber.*",
        "s3:PutObjectTagging           | PUT .*[?]tagging",
        "s3:AbortMultipartUpload       | DELETE .*[?]uploadId.*",
        "s3:DeleteObject               | DELETE /[^?]+$",
      })
  void thePlanNamesWhatTheDedicatedSidesKeyMayNotDo(String right, String denied) throws Exception {
    var unused =
        buckets
            .target()
            .call(
                "create",
                s3 -> s3.createBucket(create -> create.bucket(buckets.target().bucket())));
    try (FaultyProxy proxy = denying(TestServers.dedicatedS3().endpoint(), denied)) {
      MigrationContext context =
          buckets.context(
              new ObjectStorageSpec(
                  buckets.spec().source(), proxy.before(buckets.spec().target()), 4));

      assertDenied(context, right);
    }
  }

  private static FaultyProxy denying(String endpoint, String requests) throws IOException {
    FaultyProxy proxy = new FaultyProxy(endpoint);
    Pattern denied = Pattern.compile(requests);
    proxy.answers(
        request ->
            denied.matcher(request).matches()
                ? new FaultyProxy.Answer(403, "AccessDenied", "no")
                : null);
    return proxy;
  }
}
