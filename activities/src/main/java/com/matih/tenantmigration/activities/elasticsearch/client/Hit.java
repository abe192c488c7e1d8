package com.matih.tenantmigration.activities.elasticsearch.client;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One document of an answer. Its source is a part of the answer's own bytes, which are never read
 * into values and written anew, so that every digit and every order stays as it was.
 */
public final class Hit {

  private final String id;
  private final @Nullable String routing;
  private final long version;
  private final Place place;
  private final boolean found;
  private final byte[] answer;
  private final int sourceStart;
  private final int sourceEnd;

  Hit(
      String id,
      @Nullable String routing,
      long version,
      Place place,
      boolean found,
      byte[] answer,
      int sourceStart,
      int sourceEnd) {
    this.id = id;
    this.routing = routing;
    this.version = version;
    this.place = place;
    this.found = found;
    this.answer = answer;
    this.sourceStart = sourceStart;
    this.sourceEnd = sourceEnd;
  }

  public String id() {
    return id;
  }

  public @Nullable String routing() {
    return routing;
  }

  /** -1 where it was not asked for. */
  public long version() {
    return version;
  }

  /** The number of its last write in its shard; -1 where it was not asked for. */
  public long sequenceNumber() {
    return place.sequenceNumber();
  }

  /** The primary term in which it got that number; -1 where it was not asked for. */
  long primaryTerm() {
    return place.primaryTerm();
  }

  /** Whether a document that was asked for by its id is there. */
  public boolean isFound() {
    return found;
  }

  boolean hasSource() {
    return sourceEnd > sourceStart;
  }

  int sourceLength() {
    return sourceEnd - sourceStart;
  }

  public byte[] source() {
    return Arrays.copyOfRange(answer, sourceStart, sourceEnd);
  }

  public boolean hasSameSourceBytesAs(Hit other) {
    return Arrays.equals(
        answer, sourceStart, sourceEnd, other.answer, other.sourceStart, other.sourceEnd);
  }

  /** Where a document's last write stands in the history of its shard. */
  record Place(long sequenceNumber, long primaryTerm) {}

  /** Whether the source is more than one line, which a bulk request cannot hold. */
  boolean hasSeveralLines() {
    for (int at = sourceStart; at < sourceEnd; at++) {
      if (answer[at] == '\n') {
        return true;
      }
    }
    return false;
  }

  /** Writes the source, which is one line, as a bulk request needs it. */
  void writeSourceLine(ByteArrayOutputStream out) {
    out.write(answer, sourceStart, sourceEnd - sourceStart);
    out.write('\n');
  }
}
