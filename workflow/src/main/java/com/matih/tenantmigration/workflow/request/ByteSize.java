package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of bytes as people write them: {@code 1048576}, {@code 512KiB}, {@code 1.5MiB}, {@code
 * 50MB}. {@code KB}, {@code MB}, {@code GB} and {@code TB} are powers of 1000, those with an {@code
 * i} powers of 1024.
 */
public final class ByteSize {

  /** What a text that is no size is told to be. */
  public static final String EXAMPLES = "Write one such as 50MB, 512KiB or 1000000.";

  private static final Pattern FORM =
      Pattern.compile(
          "(-?\\d{1,15}(?:\\.\\d{1,3})?)\\s*(?:([kmgt])(i?))?b?", Pattern.CASE_INSENSITIVE);

  private static final String POWERS = "kmgt";

  private static final String[] DECIMAL = {"B", "KB", "MB", "GB", "TB"};
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};

  private ByteSize() {}

  /**
   * Reads a number of bytes; a fraction of one is rounded.
   *
   * @throws IllegalArgumentException where the text is none, or the number does not fit into 63
   *     bits
   */
  public static long parse(String text) {
    Matcher parts = FORM.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(problem(text));
    }
    try {
      return new BigDecimal(parts.group(1))
          .multiply(factor(parts.group(2), parts.group(3)))
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(problem(text), e);
    }
  }

  private static BigDecimal factor(String prefix, String binary) {
    return prefix == null
        ? BigDecimal.ONE
        : BigDecimal.valueOf(binary.isEmpty() ? 1000 : 1024)
            .pow(1 + POWERS.indexOf(prefix.toLowerCase(Locale.ROOT)));
  }

  private static String problem(String text) {
    return "'" + text + "' is not a number of bytes such as 50MB, 512KiB or 1000000";
  }

  /** The shortest form that {@link #parse} reads back as the same number. */
  public static String format(long bytes) {
    String decimal = inUnits(bytes, 1000, DECIMAL);
    String binary = inUnits(bytes, 1024, BINARY);
    return binary.length() < decimal.length() ? binary : decimal;
  }

  private static String inUnits(long bytes, long factor, String[] units) {
    long rest = bytes;
    int unit = 0;
    while (rest != 0 && rest % factor == 0 && unit < units.length - 1) {
      rest /= factor;
      unit++;
    }
    return rest + units[unit];
  }

  /** Reads a number, or a text in any of the forms. */
  static final class Deserializer extends StdScalarDeserializer<Long> {

    Deserializer() {
      super(Long.class);
    }

    @Override
    public Long deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      String text = parser.getValueAsString("");
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        return (Long)
            context.handleWeirdStringValue(
                Long.class, text, "not a number of bytes such as 50MB, 512KiB or 1000000");
      }
    }
  }
}
