package com.matih.tenantmigration.activities.kafka.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field of JSON values, named by itself or by a dotted path of objects from the root.
 *
 * <p>A value may have the field several times: all are found, and what they say is for the caller
 * to judge. These do not matter around the field: numbers that JSON does not have ({@code NaN}),
 * bytes that are not UTF-8, names, numbers and nesting of any length, or an end that is missing. A
 * value with anything else that does not belong there, or with more behind its object, is no JSON
 * object: what follows may be another's.
 */
final class JsonField {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          // every tenant's names would be kept for as long as the worker runs
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String path;

  JsonField(String path) {
    this.path = path;
  }

  /**
   * What a value has in the field.
   *
   * @param texts its scalars as they are written, an empty one for {@code null}
   * @param others whether it also has an object or an array there
   * @param extent how much of a JSON object the value is
   */
  record Found(List<String> texts, boolean others, Extent extent) {

    static final Found UNREADABLE = new Found(List.of(), false, Extent.NONE);
  }

  /** How much of a JSON object a value is. */
  enum Extent {
    WHOLE,

    /** The value ends before the object does, and is well-formed up to there. */
    CUT_OFF,

    /** Something else, or an object with a mistake in it or more behind it. */
    NONE
  }

  /** Looks for the field; a tombstone, which has no value, cannot have it. */
  Found in(byte @Nullable [] value) {
    if (value == null) {
      return new Found(List.of(), false, Extent.WHOLE);
    }
    String text = new String(value, StandardCharsets.UTF_8);
    String json = text.isEmpty() || text.charAt(0) != BYTE_ORDER_MARK ? text : text.substring(1);
    Look look = new Look(json.length());
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Found.UNREADABLE;
      }
      Extent extent = look.extent(parser);
      return new Found(look.texts, look.others, extent);
    } catch (IOException e) {
      return Found.UNREADABLE;
    }
  }

  /** One value's; an object is left behind its end. */
  private final class Look {

    private final List<String> texts = new ArrayList<>();
    private final int length;
    private boolean others;

    Look(int length) {
      this.length = length;
    }

    /** Looks through the value, of which the parser is at the beginning. */
    Extent extent(JsonParser parser) throws IOException {
      try {
        object(parser, "");
      } catch (JsonProcessingException e) {
        // not always a JsonEOFException: behind a comma it is a plain one
        return e.getOriginalMessage().startsWith("Unexpected end-of-input")
            ? Extent.CUT_OFF
            : Extent.NONE;
      }
      return parser.nextToken() == null ? Extent.WHOLE : Extent.NONE;
    }

    private void object(JsonParser parser, String parent) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parent + parser.currentName();
        JsonToken token = parser.nextToken();
        if (field.equals(path)) {
          take(parser, token);
        } else if (token == JsonToken.START_OBJECT && path.startsWith(field + ".")) {
          object(parser, field + ".");
        } else {
          parser.skipChildren();
        }
      }
    }

    private void take(JsonParser parser, @Nullable JsonToken token) throws IOException {
      if (token != null && token.isScalarValue() && isCutOff(parser, token)) {
        return;
      }
      if (token == JsonToken.VALUE_NULL) {
        texts.add("");
      } else if (token != null && token.isScalarValue()) {
        texts.add(parser.getText());
      } else {
        others = true;
        parser.skipChildren();
      }
    }

    /** The last digits of a number that the value ends with may be missing. */
    private boolean isCutOff(JsonParser parser, JsonToken token) {
      return token != JsonToken.VALUE_STRING && parser.currentLocation().getCharOffset() >= length;
    }
  }
}
