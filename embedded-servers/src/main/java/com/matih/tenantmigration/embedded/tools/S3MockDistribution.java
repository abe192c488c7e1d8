package com.matih.tenantmigration.embedded.tools;

import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * S3Mock, unpacked.
 *
 * <p>From its executable jar, which has other jars in it, every class is read through two archives;
 * it then takes half as long again to start.
 */
public final class S3MockDistribution {

  private static final String JAR = "s3mock.jar";

  private S3MockDistribution() {}

  /** The jar with its classes, whose manifest names the others. */
  public static Path jar() {
    ServerArtifacts artifacts = ServerArtifacts.load();
    return UserCache.folder(
            "s3mock-" + artifacts.s3mockVersion(), folder -> unpack(artifacts.s3mockJar(), folder))
        .resolve(JAR);
  }

  private static void unpack(Path executable, Path folder) throws IOException {
    Programs.Result result =
        Programs.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djarmode=tools",
                "-jar",
                executable.toString(),
                "extract",
                "--force",
                "--application-filename",
                JAR,
                "--destination",
                folder.toString()));
    if (result.status() != 0) {
      throw new IOException(executable + " cannot be unpacked: " + result.output());
    }
  }
}
