package com.matih.tenantmigration.devstack;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Sends the log into a file, so that the terminal shows what the command has to say alone. */
public final class FileLogging {

  private static final String PATTERN =
      "%d{HH:mm:ss.SSS} %-5level [%thread] [%X{tenant}] %logger{24} - %msg%n%ex{short}";

  private FileLogging() {}

  /** Replaces the log's set-up; the folder is made where it does not exist. */
  public static void to(Path file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setFile(file.toString());
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    root.setLevel(Level.INFO);
    // the clients print all their settings at INFO
    context.getLogger("org.apache.kafka").setLevel(Level.WARN);
  }
}
