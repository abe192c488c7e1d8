package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.worker.WorkerConfiguration.ControlPlaneDatabase;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.Http;
import com.matih.tenantmigration.worker.WorkerConfiguration.Limits;
import com.matih.tenantmigration.worker.WorkerConfiguration.Logging;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.worker.WorkerConfiguration.TemporalService;
import com.matih.tenantmigration.worker.WorkerConfiguration.Versioning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerConfigurationTest {

  private static final String LEAST =
      "controlPlane: {url: 'jdbc:postgresql://h/control', user: u, password: '${env:P}'}\n";

  @Test
  void whatAFileLeavesOutHasItsDefault() {
    assertThat(parse(LEAST))
        .isEqualTo(
            new WorkerConfiguration(
                new TemporalService(null, null),
                new ControlPlaneDatabase("jdbc:postgresql://h/control", "u", "${env:P}"),
                new Http("127.0.0.1", 9464),
                new Limits(32, null, 60, 16),
                Duration.ofSeconds(30),
                new Logging(null, LogLevel.INFO),
                new References(
                    List.of("TENANT_MIGRATION_SECRET_*"), List.of("/run/secrets/tenant-migration")),
                new Hosts(List.of(), List.of()),
                null,
                null));
  }

  @Test
  void bulkActivitiesFollowTheProcessorsBetweenAMigrationsStoresAndWhatASmallHeapHolds() {
    assertThat(Limits.defaultBulkActivities(1)).isEqualTo(4);
    assertThat(Limits.defaultBulkActivities(3)).isEqualTo(6);
    assertThat(Limits.defaultBulkActivities(64)).isEqualTo(8);
  }

  @Test
  void everySettingIsTakenFromTheFile() {
    assertThat(
            parse(
                """
                temporal: {address: "t:7233", namespace: n}
                controlPlane: {url: "jdbc:postgresql://h/c", user: u, password: "${file:/p}"}
                http: {address: 0.0.0.0, port: 0}
                limits: {activities: 3, bulkActivities: 5, followingActivities: 7, workflowTasks: 2}
                shutdownGrace: 1m
                logging: {format: json, level: DEBUG}
                references: {variables: [DB_*, TOKEN], folders: [/run/secrets/a, /etc/ssl/certs]}
                hosts: {allow: ["*.example", 10.0.0.0/8], deny: [db.example]}
                versioning: {deployment: tenant-migration, buildId: 1.4.0}
                queryRole: pg_read_all_data
                """))
        .isEqualTo(
            new WorkerConfiguration(
                new TemporalService("t:7233", "n"),
                new ControlPlaneDatabase("jdbc:postgresql://h/c", "u", "${file:/p}"),
                new Http("0.0.0.0", 0),
                new Limits(3, 5, 7, 2),
                Duration.ofMinutes(1),
                new Logging(LogFormat.JSON, LogLevel.DEBUG),
                new References(
                    List.of("DB_*", "TOKEN"), List.of("/run/secrets/a", "/etc/ssl/certs")),
                new Hosts(List.of("*.example", "10.0.0.0/8"), List.of("db.example")),
                new Versioning("tenant-migration", "1.4.0"),
                "pg_read_all_data"));
  }

  @Test
  void everyProblemIsNamedAtOnceAndNoSecretIsRepeated() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    temporal: {adress: "t:7233", address: "http://t", taskQueue: q}
                    controlPlane: {url: "jdbc:mysql://h/c", password: hunter2}
                    http: {port: 70000}
                    limits: {activities: 0, bulkActivities: -1, workflowTasks: some}
                    shutdownGrace: soon
                    logging: {format: xml}
                    references: {variables: ["A B"], folders: [secrets]}
                    hosts: {allow: ["http://h"], deny: [10.0.0.0/99]}
                    versioning: {deployment: "a:b"}
                    """))
        .isInstanceOf(WorkerConfigurationException.class)
        .hasMessageContainingAll(
            "has 18 problems",
            "temporal.adress is not a known key. Did you mean 'address'?",
            "temporal.taskQueue is not a known key",
            "temporal.address is not a host and a port",
            "controlPlane.url is not a JDBC URL",
            "controlPlane.user is missing",
            "controlPlane.password is a literal secret",
            "http.port is not a port",
            "limits.activities is out of range",
            "limits.bulkActivities is out of range",
            "limits.workflowTasks has to be a whole number",
            "shutdownGrace is not a duration",
            "logging.format is not an allowed value",
            "references.variables[0] is not a variable's name",
            "references.folders[0] is not the absolute path of a folder",
            "hosts.allow[0] is neither a host nor a network",
            "hosts.deny[0] is neither a host nor a network",
            "versioning.deployment has characters that Temporal does not accept",
            "versioning.buildId is missing")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void credentialsInTheAddressOfTheControlPlaneAreRefused() {
    assertThatThrownBy(() -> parse(LEAST.replace("h/control", "h/control?password=hunter2")))
        .hasMessageContaining("controlPlane.url contains credentials")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void withoutAControlPlaneThereIsNoWorker() {
    assertThatThrownBy(() -> parse("http: {port: 0}\n"))
        .hasMessageContaining("controlPlane is missing");
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeSo() {
    assertThatThrownBy(() -> WorkerConfigurationReader.read(Path.of("/does/not/exist.yaml")))
        .isInstanceOf(WorkerConfigurationException.class)
        .hasMessageContaining("/does/not/exist.yaml")
        .hasMessageContaining("cannot be read");
  }

  private static WorkerConfiguration parse(String text) {
    return WorkerConfigurationReader.parse(text, "worker.yaml");
  }
}
