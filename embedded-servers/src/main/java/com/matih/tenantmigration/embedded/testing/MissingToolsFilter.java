package com.matih.tenantmigration.embedded.testing;

import com.matih.tenantmigration.embedded.TemporalKind;
import com.matih.tenantmigration.embedded.process.Programs;
import com.matih.tenantmigration.embedded.tools.Browser;
import com.matih.tenantmigration.embedded.tools.PostgresBinaries;
import com.matih.tenantmigration.embedded.tools.PostgresClientTools;
import com.matih.tenantmigration.embedded.tools.PrometheusTools;
import com.matih.tenantmigration.embedded.tools.TemporalTool;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Takes the tests out of a run whose programs this machine lacks, and says so, loudly.
 *
 * <p>JUnit finds it by itself wherever this module is among the tests' dependencies.
 */
public final class MissingToolsFilter implements PostDiscoveryFilter {

  static final String TEMPORAL_SERVER = "needs-temporal-server";
  static final String TCTL = "needs-tctl";
  static final String BROWSER = "needs-browser";
  static final String PROMETHEUS = "needs-prometheus";

  /** The tag of tests of the connection pooler. */
  public static final String PGBOUNCER = "needs-pgbouncer";

  /** The tag of tests of servers of several major versions of PostgreSQL. */
  public static final String POSTGRES_VERSIONS = "needs-postgres-versions";

  /** The tag of tests of PostgreSQL 17's client programs. */
  public static final String POSTGRES_CLIENT_17 = "needs-postgres-client-17";

  private static final Map<String, Need> NEEDS =
      Map.of(
          TEMPORAL_SERVER,
          new Need(
              MissingToolsFilter::hasTemporalServer,
              "they need a real Temporal server; bin/install-temporal brings one"),
          TCTL,
          new Need(
              () -> TemporalTool.TCTL.find().isPresent(),
              "they need tctl; bin/install-temporal --tctl brings it"),
          BROWSER,
          new Need(
              () -> Browser.find().isPresent(),
              "they need a browser; Debian's package chromium brings one"),
          PROMETHEUS,
          new Need(
              PrometheusTools::areInstalled,
              "they need prometheus and promtool; Debian's package prometheus brings both"),
          PGBOUNCER,
          new Need(
              () -> Programs.onPath("pgbouncer").isPresent(),
              "they need pgbouncer; Debian's package of that name brings it"),
          POSTGRES_VERSIONS,
          new Need(
              PostgresBinaries::haveOtherVersions,
              "they need PostgreSQL's servers of several versions, which the build has for Linux on"
                  + " amd64 alone"),
          POSTGRES_CLIENT_17,
          new Need(
              () -> PostgresClientTools.areThere(17),
              "they need pg_dump of version 17; the package postgresql-client-17 brings it"));

  private record Need(BooleanSupplier isMet, String why) {}

  @Override
  public FilterResult apply(TestDescriptor test) {
    Optional<Need> missing =
        test.getTags().stream()
            .map(TestTag::getName)
            .filter(NEEDS::containsKey)
            .map(NEEDS::get)
            .filter(need -> !need.isMet().getAsBoolean())
            .findFirst();
    missing.ifPresent(need -> tell(test, need));
    return missing
        .map(need -> FilterResult.excluded(need.why()))
        .orElseGet(() -> FilterResult.included("nothing is missing"));
  }

  private static boolean hasTemporalServer() {
    return TemporalKind.ofSystemProperty() != TemporalKind.IN_MEMORY
        && TemporalTool.TEMPORAL.find().isPresent();
  }

  /** Says it once for a class, or for the methods that are left out alone. */
  private static void tell(TestDescriptor test, Need need) {
    boolean toldOfItsClass =
        test.getParent().map(parent -> parent.getTags().containsAll(test.getTags())).orElse(false);
    if (!toldOfItsClass) {
      System.err.printf("NOT RUN: %s: %s%n", test.getDisplayName(), need.why());
    }
  }
}
