package com.matih.tenantmigration.activities.kafka.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
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
 * to judge. What surrounds the field does not matter: numbers that JSON does not have ({@code
 * NaN}), bytes that are not UTF-8, names, numbers and nesting of any length, or an end that is
 * missing.
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
   * @param readable whether the value is a JSON object to its end
   */
  record Found(List<String> texts, boolean others, boolean readable) {

    static final Found UNREADABLE = new Found(List.of(), false, false);
  }

  /** Looks for the field; a tombstone, which has no value, cannot have it. */
  Found in(byte @Nullable [] value) {
    if (value == null) {
      return new Found(List.of(), false, true);
    }
    String text = new String(value, StandardCharsets.UTF_8);
    Look look = new Look();
    try (JsonParser parser =
        JSON.createParser(
            text.isEmpty() || text.charAt(0) != BYTE_ORDER_MARK ? text : text.substring(1))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Found.UNREADABLE;
      }
      look.object(parser, "");
      return new Found(look.texts, look.others, parser.nextToken() == null);
    } catch (IOException e) {
      return new Found(look.texts, look.others, false);
    }
  }

  /** One value's; an object is left behind its end. */
  private final class Look {

    private final List<String> texts = new ArrayList<>();
    private boolean others;

    void object(JsonParser parser, String parent) throws IOException {
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
      if (token == JsonToken.VALUE_NULL) {
        texts.add("");
      } else if (token != null && token.isScalarValue()) {
        texts.add(parser.getText());
      } else {
        others = true;
        parser.skipChildren();
      }
    }
  }
}
