package com.matih.tenantmigration.devstack.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import com.matih.tenantmigration.workflow.request.validation.RequestSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SampleRequestsTest {

  private final SampleRequests requests =
      new SampleRequests(
          new Sides(side("SHARED", 100), side("DEDICATED", 200)), Path.of("/tmp/snapshots"));

  @ParameterizedTest
  @EnumSource
  void theRequestOfEitherFormIsReadWithoutAProblem(Isolation isolation) {
    RequestReading reading = read(isolation);

    assertThat(reading.problems()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theRequestOfEitherFormPassesTheSchema(Isolation isolation) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(RequestSchema.json());

    assertThat(schema.validate(new ObjectMapper(new YAMLFactory()).readTree(yaml(isolation))))
        .isEmpty();
  }

  @Test
  void theTenantColumnIsNamedWhereThereIsOneAlone() {
    assertThat(Objects.requireNonNull(request(Isolation.ROWS).postgres()).tenantColumn())
        .isEqualTo("tenant_id");
    assertThat(Objects.requireNonNull(request(Isolation.SCHEMA).postgres()).tenantColumn())
        .isNull();
  }

  @Test
  void placeholdersOfTheRequestItselfStay() {
    MigrationRequest request = request(Isolation.ROWS);

    assertThat(request.verification().queries()).allMatch(query -> query.contains("{schema}."));
    assertThat(Objects.requireNonNull(request.redis()).warm().get(0).key()).isEqualTo("query:{id}");
    assertThat(request.verification().api()).containsExactly("http://127.0.0.1:1/acme/health");
  }

  @Test
  void noSecretStandsInIt() {
    assertThat(requests.yaml(SampleTenant.ACME, Isolation.ROWS, List.of())).doesNotContain("hush");
  }

  private MigrationRequest request(Isolation isolation) {
    return read(isolation).request().orElseThrow();
  }

  private RequestReading read(Isolation isolation) {
    return new RequestReader(new YAMLFactory()).read(yaml(isolation));
  }

  private String yaml(Isolation isolation) {
    return requests.yaml(SampleTenant.ACME, isolation, List.of("http://127.0.0.1:1/acme/health"));
  }

  private static Side side(String name, int port) {
    return new Side(
        name,
        "127.0.0.1:" + port,
        "postgres",
        "hush-pg",
        "http://127.0.0.1:" + (port + 1),
        "hush-access",
        "hush-secret",
        "127.0.0.1:" + (port + 2),
        "http://127.0.0.1:" + (port + 3),
        "redis://127.0.0.1:" + (port + 4));
  }
}
