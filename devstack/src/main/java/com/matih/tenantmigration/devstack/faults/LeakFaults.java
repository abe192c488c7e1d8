package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.sample.SampleDocuments;

/** Something of the neighbour's on the dedicated side. */
final class LeakFaults {

  private LeakFaults() {}

  /** A row where rows say whose they are, else a document, which always does. */
  static void letAForeignThingIn(Scene scene) {
    switch (scene.isolation()) {
      case ROWS ->
          scene.changeDedicatedDatabase(
              "INSERT INTO workspaces (id, tenant_id, slug, name, plan_code)"
                  + " VALUES (2000000000, '%s', 'leaked', 'Leaked', 'starter')"
                      .formatted(scene.neighbour().key()));
      case SCHEMA ->
          new ElasticsearchHttp(scene.sides().dedicated().elasticsearchUrl())
              .send(
                  "PUT",
                  "/"
                      + SampleDocuments.dedicatedIndex(scene.tenant())
                      + "/_doc/leaked?refresh=true",
                  "{\"tenant_id\":\"%s\",\"title\":\"leaked\"}".formatted(scene.neighbour().key()));
    }
  }
}
