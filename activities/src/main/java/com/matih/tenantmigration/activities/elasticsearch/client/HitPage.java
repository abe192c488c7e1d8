package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one answer to a search ({@code hits.hits}) or to a multi-get ({@code docs}),
 * read from its bytes in one pass.
 */
public final class HitPage {

  private final byte[] answer;
  private final List<Hit> hits = new ArrayList<>();
  private @Nullable String pointInTime;
  private @Nullable String lastSort;
  private int failedShards;
  private boolean timedOut;

  private HitPage(byte[] answer) {
    this.answer = answer;
  }

  /**
   * Reads an answer.
   *
   * @throws IllegalStateException where it is not an answer to a search or to a multi-get
   */
  public static HitPage read(byte[] answer) {
    HitPage page = new HitPage(answer);
    try (JsonParser parser = Json.FACTORY.createParser(answer)) {
      parser.nextToken();
      page.readAnswer(parser);
      return page;
    } catch (IOException e) {
      throw new IllegalStateException("Elasticsearch answered with something that is not JSON", e);
    }
  }

  public List<Hit> hits() {
    return hits;
  }

  /** The point-in-time to go on with; each answer may name a new one. */
  @Nullable String pointInTime() {
    return pointInTime;
  }

  /** The last document's sort values, a JSON array as text. */
  @Nullable String lastSort() {
    return lastSort;
  }

  /** Whether the answer speaks for all shards. */
  boolean isWhole() {
    return failedShards == 0 && !timedOut;
  }

  /** How many bytes the answer has. */
  public int size() {
    return answer.length;
  }

  private void readAnswer(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "pit_id" -> pointInTime = parser.getText();
        case "timed_out" -> timedOut = parser.getBooleanValue();
        case "_shards" -> readShards(parser);
        case "docs" -> readHits(parser);
        case "hits" -> {
          if (parser.currentToken() == JsonToken.START_ARRAY) {
            readHits(parser);
          } else {
            readAnswer(parser);
          }
        }
        default -> parser.skipChildren();
      }
    }
  }

  private void readShards(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean failed = parser.currentName().equals("failed");
      parser.nextToken();
      if (failed) {
        failedShards = parser.getIntValue();
      }
      parser.skipChildren();
    }
  }

  private void readHits(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      readHit(parser);
    }
  }

  private void readHit(JsonParser parser) throws IOException {
    String id = "";
    String routing = null;
    long version = -1;
    long sequenceNumber = -1;
    long primaryTerm = -1;
    boolean found = true;
    int sourceStart = 0;
    int sourceEnd = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "_id" -> id = parser.getText();
        case "_routing" -> routing = parser.getText();
        case "_version" -> version = parser.getLongValue();
        case "_seq_no" -> sequenceNumber = parser.getLongValue();
        case "_primary_term" -> primaryTerm = parser.getLongValue();
        case "found" -> found = parser.getBooleanValue();
        case "error" -> {
          found = false;
          parser.skipChildren();
        }
        case "_source" -> {
          sourceStart = skip(parser);
          sourceEnd = position(parser);
        }
        case "sort" -> lastSort = text(skip(parser), position(parser));
        default -> parser.skipChildren();
      }
    }
    Hit.Place place = new Hit.Place(sequenceNumber, primaryTerm);
    hits.add(new Hit(id, routing, version, place, found, answer, sourceStart, sourceEnd));
  }

  /** Skips an object or an array whose first token was read, and says where it begins. */
  private static int skip(JsonParser parser) throws IOException {
    int start = position(parser) - 1;
    parser.skipChildren();
    return start;
  }

  private static int position(JsonParser parser) {
    return (int) parser.currentLocation().getByteOffset();
  }

  private String text(int from, int to) {
    return new String(answer, from, to - from, StandardCharsets.UTF_8);
  }
}
