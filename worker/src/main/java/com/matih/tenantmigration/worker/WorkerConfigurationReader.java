package com.matih.tenantmigration.worker;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.activities.secrets.AllowedHosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.ControlPlaneDatabase;
import com.matih.tenantmigration.worker.WorkerConfiguration.Versioning;
import com.matih.tenantmigration.workflow.input.InputProblem;
import com.matih.tenantmigration.workflow.input.InputReading;
import com.matih.tenantmigration.workflow.input.RecordReader;
import com.matih.tenantmigration.workflow.input.SecretReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads a worker's configuration and names all that is wrong with it at once. */
public final class WorkerConfigurationReader {

  private static final int HIGHEST_PORT = 65_535;
  private static final int MOST_AT_ONCE = 1_000;

  private WorkerConfigurationReader() {}

  /**
   * Reads a file.
   *
   * @throws WorkerConfigurationException with every problem
   */
  public static WorkerConfiguration read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new WorkerConfigurationException(
          file.toString(),
          List.of(
              new InputProblem("", "cannot be read", "Name an existing file that you may read.")));
    }
    return parse(text, file.toString());
  }

  static WorkerConfiguration parse(String text, String name) {
    InputReading<WorkerConfiguration> reading =
        new RecordReader(new YAMLFactory()).read(text, WorkerConfiguration.class);
    List<InputProblem> problems = new ArrayList<>(reading.problems());
    WorkerConfiguration configuration = reading.value();
    if (configuration != null) {
      validate(configuration, new Findings(reading.problems(), problems));
    }
    if (configuration == null || !problems.isEmpty()) {
      throw new WorkerConfigurationException(name, problems);
    }
    return configuration;
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void validate(WorkerConfiguration configuration, Findings findings) {
    String address = configuration.temporal().address();
    findings.require(
        address == null || address.matches("[^\\s:/]+:\\d{1,5}|\\[[^\\s/]+]:\\d{1,5}"),
        "temporal.address",
        "is not a host and a port",
        "Write one such as temporal.example:7233.");
    findings.require(
        configuration.controlPlane() != null,
        "controlPlane",
        "is missing",
        "Add it with url, user and password.");
    if (configuration.controlPlane() != null) {
      validate(configuration.controlPlane(), findings);
    }
    int port = configuration.http().port();
    findings.require(
        port >= 0 && port <= HIGHEST_PORT,
        "http.port",
        "is not a port",
        "Write a number from 1 to %d, or 0 for any free port.".formatted(HIGHEST_PORT));
    atOnce(configuration.limits().activities(), "limits.activities", findings);
    atOnce(configuration.limits().bulkActivities(), "limits.bulkActivities", findings);
    atOnce(configuration.limits().followingActivities(), "limits.followingActivities", findings);
    atOnce(configuration.limits().workflowTasks(), "limits.workflowTasks", findings);
    findings.require(
        !configuration.shutdownGrace().isNegative(),
        "shutdownGrace",
        "is negative",
        "Write a duration such as 30s.");
    String role = configuration.queryRole();
    findings.require(
        role == null || (!role.isBlank() && role.indexOf('\0') < 0),
        "queryRole",
        "is not a role's name",
        "Write the role's name, or remove it.");
    reach(configuration, findings);
    Versioning versioning = configuration.versioning();
    if (versioning != null) {
      name(versioning.deployment(), "versioning.deployment", findings);
      name(versioning.buildId(), "versioning.buildId", findings);
    }
  }

  /** Temporal joins both names with a dot, and takes neither apart again where one has a colon. */
  private static void name(@Nullable String name, String path, Findings findings) {
    findings.filled(name, path);
    findings.require(
        name == null || name.isBlank() || name.matches("[A-Za-z0-9_.+-]{1,100}"),
        path,
        "has characters that Temporal does not accept",
        "Use only letters, digits and - _ + .");
  }

  private static void validate(ControlPlaneDatabase database, Findings findings) {
    findings.filled(database.url(), "controlPlane.url");
    findings.filled(database.user(), "controlPlane.user");
    String url = database.url();
    findings.require(
        url == null || url.startsWith("jdbc:postgresql://"),
        "controlPlane.url",
        "is not a JDBC URL of PostgreSQL",
        "Write jdbc:postgresql://host:port/database.");
    findings.require(
        url == null || !url.matches("(?i).*(//[^/?]*@|[?&](user|\\w*password)=).*"),
        "controlPlane.url",
        "contains credentials",
        "Use the settings 'user' and 'password' instead.");
    findings.require(
        database.password() == null || SecretReferences.areAll(database.password()),
        "controlPlane.password",
        "is a literal secret",
        "Write a reference, ${env:NAME} or ${file:PATH}.");
  }

  private static void reach(WorkerConfiguration configuration, Findings findings) {
    each(
        configuration.references().variables(),
        "references.variables",
        name -> name.matches("[A-Za-z_][A-Za-z0-9_.-]*\\*?|\\*"),
        "is not a variable's name",
        "Write a name, or a prefix followed by *.",
        findings);
    each(
        configuration.references().folders(),
        "references.folders",
        folder -> folder.startsWith("/") && folder.indexOf('\0') < 0,
        "is not the absolute path of a folder",
        "Write one such as /run/secrets/tenant-migration.",
        findings);
    for (String list : List.of("allow", "deny")) {
      each(
          list.equals("allow") ? configuration.hosts().allow() : configuration.hosts().deny(),
          "hosts." + list,
          AllowedHosts::isEntry,
          "is neither a host nor a network",
          "Write a name, *.domain, an address, or a network such as 10.0.0.0/8.",
          findings);
    }
  }

  private static void each(
      List<String> entries,
      String path,
      Predicate<String> condition,
      String problem,
      String remedy,
      Findings findings) {
    for (int i = 0; i < entries.size(); i++) {
      findings.require(condition.test(entries.get(i)), path + "[" + i + "]", problem, remedy);
    }
  }

  private static void atOnce(int value, String path, Findings findings) {
    findings.require(
        value >= 1 && value <= MOST_AT_ONCE,
        path,
        "is out of range",
        "Write a whole number from 1 to %d.".formatted(MOST_AT_ONCE));
  }

  /** Adds problems, but not about what could not be read in the first place. */
  private record Findings(List<InputProblem> unread, List<InputProblem> all) {

    void require(boolean condition, String path, String problem, String remedy) {
      boolean explained =
          unread.stream()
              .anyMatch(known -> path.equals(known.path()) || path.startsWith(known.path() + "."));
      if (!condition && !explained) {
        all.add(new InputProblem(path, problem, remedy));
      }
    }

    void filled(@Nullable String value, String path) {
      require(value != null && !value.isBlank(), path, "is missing", "Add it.");
    }
  }
}
