package com.matih.tenantmigration.activities.postgres.references;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.CopyLab;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageReferenceRewriterIT {

  @TempDir Path folder;

  @Test
  void referencesAreRewrittenOnceOnTheTargetAlone() throws SQLException {
    try (CopyLab lab =
        CopyLab.rows(
            folder,
            "shared",
            List.of(),
            List.of(),
            List.of(new StorageReference("artifacts", "Uri")))) {
      lab.source.execute(
          "CREATE SCHEMA shared",
          "CREATE TABLE shared.artifacts (id int PRIMARY KEY, tenant_id text, \"Uri\""
              + " varchar(200))",
          "INSERT INTO shared.artifacts VALUES"
              + " (1, 'acme', 's3://shared-bucket/tenants/acme/a%20b/ü.bin'),"
              + " (2, 'acme', 's3://shared-bucket/tenants/acmex/other'),"
              + " (3, 'acme', NULL), (4, 'acme', 'https://elsewhere'),"
              + " (5, 'globex', 's3://shared-bucket/tenants/globex/x')");
      String before = lab.sourceRows("artifacts");

      lab.migrate();
      lab.finish();

      assertThat(lab.target.query("SELECT \"Uri\" FROM artifacts ORDER BY id"))
          .containsExactly(
              "s3://acme-bucket/a%20b/ü.bin",
              "s3://shared-bucket/tenants/acmex/other", "null", "https://elsewhere");
      assertThat(lab.sourceRows("artifacts")).isEqualTo(before);
    }
  }
}
