package com.matih.tenantmigration.devstack.demo;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import com.matih.tenantmigration.starter.html.ReportPage;
import com.matih.tenantmigration.starter.layout.TextTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Leaves a demo's report as JSON and as a page. */
final class ReportFiles {

  private ReportFiles() {}

  private static String page(DemoResult result) {
    TextTable claims = new TextTable("claim", "holds", "evidence");
    result
        .claims()
        .forEach(
            claim -> claims.row(claim.sentence(), claim.holds() ? "yes" : "NO", claim.evidence()));
    return ReportPage.of(result.report(), Map.of("Comparing with the servers", claims));
  }

  static void write(Path directory, DemoResult result) {
    try {
      Files.writeString(
          directory.resolve("report.json"),
          ControlPlaneJson.mapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(result.report()));
      Files.writeString(directory.resolve("report.html"), page(result));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the report into " + directory, e);
    }
  }
}
