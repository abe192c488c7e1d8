package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a bulk request does with one document. */
enum BulkOperation {
  /** Writes the document with the identity and the version that it has. */
  INDEX("index"),
  /**
   * Deletes it and leaves its version behind, not a higher one: else the same document could not be
   * written again until the cluster has forgotten the deletion.
   */
  DELETE("delete"),
  /**
   * Deletes it where it is still what was read, and creates nothing where what it is deleted
   * through is gone, as a deletion by version would.
   */
  DELETE_UNCHANGED("delete");

  private static final int ACTION_BYTES = 160;

  private final String action;

  BulkOperation(String action) {
    this.action = action;
  }

  /** The name under which an answer reports it. */
  String action() {
    return action;
  }

  /** Roughly how many bytes the operation takes in a request. */
  int weigh(Hit hit) {
    return ACTION_BYTES + hit.sourceLength();
  }

  /** Writes the operation's lines. */
  void write(Hit hit, ByteArrayOutputStream out) {
    try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeObjectFieldStart(action);
      json.writeStringField("_id", hit.id());
      if (hit.routing() != null) {
        json.writeStringField("routing", hit.routing());
      }
      if (this == DELETE_UNCHANGED) {
        json.writeNumberField("if_seq_no", hit.sequenceNumber());
        json.writeNumberField("if_primary_term", hit.primaryTerm());
      } else {
        json.writeNumberField("version", hit.version());
        json.writeStringField("version_type", "external_gte");
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.write('\n');
    if (this == INDEX) {
      hit.writeSourceLine(out);
    }
  }
}
