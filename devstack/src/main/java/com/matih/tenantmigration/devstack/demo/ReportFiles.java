package com.matih.tenantmigration.devstack.demo;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Leaves a demo's report as JSON and as a page. */
final class ReportFiles {

  private ReportFiles() {}

  static void write(Path directory, DemoResult result) {
    try {
      Files.writeString(
          directory.resolve("report.json"),
          ControlPlaneJson.mapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(result.report()));
      Files.writeString(directory.resolve("report.html"), ReportPage.of(result));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the report into " + directory, e);
    }
  }
}
