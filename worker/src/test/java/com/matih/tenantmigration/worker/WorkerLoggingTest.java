package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import com.matih.tenantmigration.worker.WorkerConfiguration.Logging;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

@Isolated("all log into what it reads")
class WorkerLoggingTest {

  private final PrintStream console = System.out;

  @AfterEach
  void restore() throws JoranException {
    System.setOut(console);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new ContextInitializer(context).autoConfig();
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void noSecretThatWasResolvedStandsInTheLog(LogFormat format) {
    ResolvedSecrets.note("planted-in-the-log");
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    System.setOut(new PrintStream(lines, true, StandardCharsets.UTF_8));
    WorkerLogging.configure(new Logging(format, LogLevel.INFO), null);

    LoggerFactory.getLogger("a.driver")
        .warn(
            "connecting with {}",
            "planted-in-the-log",
            new IllegalStateException("jdbc:postgresql://h/?password=planted-in-the-log"));

    assertThat(lines.toString(StandardCharsets.UTF_8))
        .contains("connecting with ***", "password=***")
        .doesNotContain("planted-in-the-log");
  }
}
