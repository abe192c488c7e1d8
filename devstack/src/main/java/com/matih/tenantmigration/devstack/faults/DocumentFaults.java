package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.sample.SampleDocuments;

/** A fault in the dedicated index. */
final class DocumentFaults {

  private DocumentFaults() {}

  static void changeADocument(Scene scene) {
    new ElasticsearchHttp(scene.sides().dedicated().elasticsearchUrl())
        .send(
            "POST",
            "/%s/_update/query-%d?refresh=true"
                .formatted(SampleDocuments.dedicatedIndex(scene.tenant()), scene.tenant().rowId(1)),
            "{\"doc\":{\"title\":\"changed\"}}");
  }
}
