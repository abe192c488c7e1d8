package com.matih.tenantmigration.activities.kafka.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds the tenant in a field of a JSON value, named by itself or by a dotted path of objects.
 *
 * <p>Reads no further than that field. A value that is not JSON, holds no such field or is missing
 * (a tombstone) is nobody's that could be told, so not this tenant's.
 */
final class JsonFieldFilter implements TenantFilter {

  private final JsonFactory json = new JsonFactory();
  private final String path;
  private final Predicate<String> isTenants;

  JsonFieldFilter(String path, Predicate<String> isTenants) {
    this.path = path;
    this.isTenants = isTenants;
  }

  @Override
  public boolean isTenants(ConsumerRecord<byte[], byte[]> sharedRecord) {
    byte[] value = sharedRecord.value();
    if (value == null) {
      return false;
    }
    try (JsonParser parser = json.createParser(value)) {
      return parser.nextToken() == JsonToken.START_OBJECT && holdsTenant(parser, "");
    } catch (IOException e) {
      return false;
    }
  }

  private boolean holdsTenant(JsonParser parser, String parent) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parent + parser.currentName();
      JsonToken token = parser.nextToken();
      if (field.equals(path)) {
        return token != null && token.isScalarValue() && isTenants.test(parser.getText());
      }
      if (token == JsonToken.START_OBJECT && path.startsWith(field + ".")) {
        if (holdsTenant(parser, field + ".")) {
          return true;
        }
      } else {
        parser.skipChildren();
      }
    }
    return false;
  }
}
