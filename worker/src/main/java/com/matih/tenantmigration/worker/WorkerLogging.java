package com.matih.tenantmigration.worker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import com.matih.tenantmigration.worker.WorkerConfiguration.Logging;
import java.util.List;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.mask.MaskingJsonGeneratorDecorator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets the log up as a worker's configuration says. */
final class WorkerLogging {

  private static final String PATTERN =
      "%d{HH:mm:ss.SSS} %-5level [%X{tenant}] %logger{20} - %msg%n%ex{short}";

  private static final String HEADERS_OF_S3 =
      "software.amazon.awssdk.protocols.xml.internal.unmarshall";

  /** At DEBUG they log what goes over connections: tenants' data, and logins of all kinds. */
  private static final List<String> WIRES =
      List.of(
          "io.grpc.netty.shaded.io.grpc.netty.NettyClientHandler",
          "org.apache.hc.client5.http.headers",
          "org.apache.hc.client5.http.wire",
          "org.apache.http.headers",
          "org.apache.http.wire",
          "software.amazon.awssdk.http.auth.aws");

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
    // quotes an Expires that is no date, such as 0, at each read of the object
    context.getLogger(HEADERS_OF_S3).setLevel(Level.ERROR);
    // of PostgreSQL's driver, gRPC and the Elasticsearch client
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    WIRES.stream()
        .map(context::getLogger)
        // unless a logback.configurationFile of the operator's asks for it
        .filter(wire -> wire.getLevel() == null)
        .forEach(wire -> wire.setLevel(Level.INFO));
  }

  private static Encoder<ILoggingEvent> plain(LoggerContext context) {
    PatternLayout layout = new ScrubbedLayout();
    layout.setContext(context);
    layout.setPattern(PATTERN);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    MaskingJsonGeneratorDecorator decorator = new MaskingJsonGeneratorDecorator();
    decorator.addValueMasker(
        (position, value) ->
            value instanceof CharSequence text ? ResolvedSecrets.scrub(text.toString()) : null);
    decorator.start();
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setContext(context);
    encoder.setJsonGeneratorDecorator(decorator);
    encoder.start();
    return encoder;
  }

  /** Lines without the values of secrets, which a driver's exception may carry. */
  private static final class ScrubbedLayout extends PatternLayout {
    @Override
    public String doLayout(ILoggingEvent event) {
      return ResolvedSecrets.scrub(super.doLayout(event));
    }
  }
}
