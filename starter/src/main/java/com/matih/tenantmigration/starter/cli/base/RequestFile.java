package com.matih.tenantmigration.starter.cli.base;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.starter.InvalidRequestException;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.validation.RequestProblem;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code -f REQUEST}: the file that says what to migrate. */
public final class RequestFile {

  private static final int MOST_BYTES = 4 * 1024 * 1024;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "REQUEST",
      description = "The request, YAML or JSON.")
  private Path file = Path.of("request.yaml");

  /**
   * Reads the request.
   *
   * @throws InvalidRequestException with every problem
   */
  public MigrationRequest read() {
    String text;
    try {
      text = text();
    } catch (IOException e) {
      throw new InvalidRequestException(
          List.of(new RequestProblem(file.toString(), reason(e), "Name a readable text file.")));
    }
    RequestReading reading = new RequestReader(new YAMLFactory()).read(text);
    return reading.request().orElseThrow(() -> new InvalidRequestException(reading.problems()));
  }

  /**
   * A little more than any request has, so that a device or another large file is not read whole.
   */
  private String text() throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(MOST_BYTES);
      return bytes.length == MOST_BYTES
          ? new String(bytes, StandardCharsets.UTF_8)
          : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private String reason(IOException failure) {
    if (Files.isDirectory(file)) {
      return "is a folder";
    }
    if (failure instanceof NoSuchFileException) {
      return "does not exist";
    }
    return failure instanceof CharacterCodingException ? "is not text in UTF-8" : "cannot be read";
  }
}
