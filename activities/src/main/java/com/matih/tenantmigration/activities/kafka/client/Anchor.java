package com.matih.tenantmigration.activities.kafka.client;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How far the replay of one partition is.
 *
 * <p>It is kept as the position of a group of this migration's own on the dedicated partition, with
 * the <em>shared</em> partition's offset for a value, and commits in one transaction with the
 * records that it counts. It disappears with the topic, so that it can't outlive what it describes.
 *
 * @param sourceOffset the offset in the shared partition that is read next
 * @param records how many of the tenant's records are before it on the dedicated partition
 * @param complete whether the groups that stand at the end have their positions, too
 */
public record Anchor(long sourceOffset, long records, boolean complete) {

  private static final Pattern NOTE = Pattern.compile("records=(\\d+)(, complete)?");

  /** The group that holds a migration's anchors. */
  public static String group(String migrationId) {
    return "tenant-migration-%s-anchor".formatted(migrationId);
  }

  public OffsetAndMetadata toPosition() {
    return new OffsetAndMetadata(
        sourceOffset,
        Optional.empty(),
        "records=%d%s".formatted(records, complete ? ", complete" : ""));
  }

  public static Anchor of(OffsetAndMetadata position) {
    Matcher note = NOTE.matcher(position.metadata());
    if (!note.matches()) {
      throw new IllegalStateException("an anchor that this migration did not write");
    }
    return new Anchor(position.offset(), Long.parseLong(note.group(1)), note.group(2) != null);
  }
}
