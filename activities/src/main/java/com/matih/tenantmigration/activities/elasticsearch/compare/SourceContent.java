package com.matih.tenantmigration.activities.elasticsearch.compare;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether two documents say the same: the same fields with the same values, numbers as they are
 * written, whatever the white space and the order of an object's fields.
 */
public final class SourceContent {

  private SourceContent() {}

  public static boolean same(Hit one, Hit other) {
    return one.hasSameSourceBytesAs(other) || read(one.source()).equals(read(other.source()));
  }

  private static Object read(byte[] source) {
    try (JsonParser parser = Json.FACTORY.createParser(source)) {
      parser.nextToken();
      return value(parser);
    } catch (IOException e) {
      throw new IllegalStateException("Elasticsearch answered with a document that is not JSON", e);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Object> fields = new TreeMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(parser));
      }
      return fields;
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> values = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(value(parser));
      }
      return values;
    }
    return new Scalar(token == JsonToken.VALUE_STRING, parser.getText());
  }

  /** A string, or anything else as it is written. */
  private record Scalar(boolean string, String text) {}
}
