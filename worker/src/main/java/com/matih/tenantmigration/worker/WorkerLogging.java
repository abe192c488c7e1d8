package com.matih.tenantmigration.worker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import com.matih.tenantmigration.worker.WorkerConfiguration.Logging;
import net.logstash.logback.encoder.LogstashEncoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Sets the log up as a worker's configuration says. */
final class WorkerLogging {

  private static final String PATTERN =
      "%d{HH:mm:ss.SSS} %-5level [%X{tenant}] %logger{20} - %msg%n%ex{short}";

  private WorkerLogging() {}

  /**
   * Replaces the log's set-up.
   *
   * @param logFormat the variable {@code LOG_FORMAT}, used where the configuration has no format
   */
  static void configure(Logging logging, @Nullable String logFormat) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LogFormat format =
        logging.format() != null
            ? logging.format()
            : "json".equalsIgnoreCase(logFormat) ? LogFormat.JSON : LogFormat.PLAIN;
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case PLAIN -> plain(context);
          case JSON -> json(context);
        };
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    root.setLevel(Level.toLevel(logging.level().name()));
  }

  private static Encoder<ILoggingEvent> plain(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
