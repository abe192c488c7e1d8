package com.matih.tenantmigration.activities.postgres.references;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import org.junit.jupiter.api.Test;

class StorageReferenceMappingTest {

  private final StorageReferenceMapping mapping =
      StorageReferenceMapping.of(
              TestRequests.withObjectStorage(
                  new ObjectStorageSpec(
                      location("matih-shared-data", "tenants/acme/"),
                      location("acme-dedicated-data", ""),
                      1)))
          .orElseThrow();

  @Test
  void aReferenceIntoTheTenantsPrefixMovesAndKeepsItsKeyByteByByte() {
    assertThat(mapping.map("s3://matih-shared-data/tenants/acme/a//b c%20+ü"))
        .isEqualTo("s3://acme-dedicated-data/a//b c%20+ü");
  }

  @Test
  void whatPointsElsewhereStays() {
    assertThat(mapping.map("s3://matih-shared-data/tenants/acme2/a"))
        .isEqualTo("s3://matih-shared-data/tenants/acme2/a");
    assertThat(mapping.map("https://example.com/s3://matih-shared-data/tenants/acme/a"))
        .isEqualTo("https://example.com/s3://matih-shared-data/tenants/acme/a");
    assertThat(mapping.map("")).isEmpty();
  }

  @Test
  void withoutObjectStorageThereIsNoMapping() {
    assertThat(StorageReferenceMapping.of(TestRequests.withObjectStorage(null))).isEmpty();
  }

  private static ObjectStorageSpec.Location location(String bucket, String prefix) {
    return new ObjectStorageSpec.Location(null, "eu-1", bucket, prefix, null, null);
  }
}
