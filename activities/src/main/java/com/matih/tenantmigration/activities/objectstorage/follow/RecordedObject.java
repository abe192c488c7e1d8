package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import java.time.Instant;

/**
 * An object of the dedicated side as the record knows it.
 *
 * @param name the key without the side's prefix
 * @param size the size of the source's object when it was copied, as are ETag and time
 * @param etag as the source's server wrote it
 * @param modifiedMillis when the source's object was last written, by the server's clock
 * @param copyEtag the ETag that the dedicated side gave the copy
 */
public record RecordedObject(
    String name, long size, String etag, long modifiedMillis, String copyEtag, State state) {

  /** What is known of the copy. */
  public enum State {
    /** It is the source's object as it was listed, unless the listing shows another one now. */
    SETTLED,
    /**
     * The same, but the source's object was so new that a later write may look the same in a
     * listing.
     */
    YOUNG,
    /** A pass was about to write or delete it: it may be there or not, whole or not. */
    UNSETTLED
  }

  static RecordedObject copied(ObjectEntry source, String copyEtag, boolean isYoung) {
    return new RecordedObject(
        source.name(),
        source.size(),
        source.etag(),
        source.lastModified().toEpochMilli(),
        copyEtag,
        isYoung ? State.YOUNG : State.SETTLED);
  }

  static RecordedObject unsettled(String name) {
    return new RecordedObject(name, 0, "", 0, "", State.UNSETTLED);
  }

  /** Whether the dedicated side has a copy of what is described here. */
  public boolean isCopied() {
    return state != State.UNSETTLED;
  }

  /** Whether the source's object has not been written since it was copied. */
  public boolean isCopyOf(ObjectEntry source) {
    return isCopied()
        && size == source.size()
        && etag.equals(source.etag())
        && modifiedMillis == source.lastModified().toEpochMilli();
  }

  boolean mayStay(ObjectEntry source) {
    return state == State.SETTLED && isCopyOf(source);
  }

  /** As the source's listing showed it. */
  public ObjectEntry asListed(String sourcePrefix) {
    return new ObjectEntry(
        name, sourcePrefix + name, size, etag, Instant.ofEpochMilli(modifiedMillis), "");
  }
}
