package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.content.PartLayout;
import com.matih.tenantmigration.activities.objectstorage.copy.PartedObjectCopy;
import com.matih.tenantmigration.activities.objectstorage.follow.SourceListing.Listed;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Brings the objects of one chunk to what the source has: notes in the record what is about to be
 * touched, copies and deletes, and notes what came of it. The task that ends last does so, while
 * others work on later chunks.
 */
final class PartWork {

  private final PassTools tools;
  private final RecordChunk chunk;
  private final List<Item> items;
  private final AtomicReferenceArray<@Nullable RecordedObject> outcomes;
  private final AtomicInteger left = new AtomicInteger();
  private volatile boolean isWritten;

  PartWork(PassTools tools, RecordChunk chunk, List<Item> items) {
    this.tools = tools;
    this.chunk = chunk;
    this.items = items;
    this.outcomes = new AtomicReferenceArray<>(items.size());
  }

  /** Begins; returns once all of it is handed to the pool. */
  void begin(boolean isCut) {
    List<Integer> gone = new ArrayList<>();
    List<Integer> changed = new ArrayList<>();
    List<Integer> unchanged = new ArrayList<>();
    for (int index = 0; index < items.size(); index++) {
      Item item = items.get(index);
      tools.tally().found(item);
      outcomes.set(
          index, item.isUnchanged() ? item.recorded() : RecordedObject.unsettled(item.name()));
      if (item.isGone()) {
        gone.add(index);
      } else if (!item.isUnchanged()) {
        changed.add(index);
      } else if (tools.checksMetadata()) {
        unchanged.add(index);
      }
    }
    isWritten = isCut || !changed.isEmpty() || !gone.isEmpty();
    left.set(changed.size() + unchanged.size() + (gone.isEmpty() ? 0 : 1));
    if (left.get() == 0) {
      if (isCut) {
        record();
      }
      return;
    }
    tools.enter();
    if (isWritten) {
      record();
    }
    if (!gone.isEmpty()) {
      tools.pool().submit(() -> delete(gone));
    }
    changed.forEach(this::submit);
    unchanged.forEach(index -> tools.pool().submit(() -> checkMetadata(index)));
  }

  /** What this does not come to doing the next pass finds again: the content is the same. */
  private void checkMetadata(int index) {
    Listed source = listed(index);
    boolean isToCopy = false;
    try {
      isToCopy = tools.metadata().hasOtherHeaders(source.object());
      if (isToCopy || tools.metadata().alignTags(source.object())) {
        tools.tally().changedMetadata();
      }
    } catch (MigrationException e) {
      tools.requireMayChange(e);
    }
    if (isToCopy) {
      outcomes.set(index, RecordedObject.unsettled(source.object().name()));
      isWritten = true;
      record();
      copyAtOnce(index, source);
    } else {
      endTask();
    }
  }

  private Listed listed(int index) {
    Listed source = items.get(index).source();
    if (source == null) {
      throw new IllegalArgumentException("nothing to copy");
    }
    return source;
  }

  /** On one thread, as a task of the pool must not wait for a place in it. */
  private void copyAtOnce(int index, Listed source) {
    if (source.object().size() <= PartLayout.WHOLE_LIMIT) {
      copyWhole(index, source);
      return;
    }
    PartedObjectCopy copy = tools.parted(source.object());
    AtomicBoolean isChanged = new AtomicBoolean();
    for (int part = 0; part < copy.parts(); part++) {
      copyPart(copy, part, isChanged);
    }
    completed(index, source, copy, isChanged.get());
  }

  private void submit(int index) {
    Listed source = listed(index);
    ObjectEntry object = source.object();
    if (object.size() <= PartLayout.WHOLE_LIMIT) {
      tools.pool().submit(() -> copyWhole(index, source));
    } else if (object.size() <= PartLayout.LARGEST_OBJECT) {
      PartedObjectCopy copy = tools.parted(object);
      AtomicBoolean isChanged = new AtomicBoolean();
      AtomicInteger missing = new AtomicInteger(copy.parts());
      for (int part = 0; part < copy.parts(); part++) {
        int number = part;
        tools
            .pool()
            .submit(
                () -> {
                  copyPart(copy, number, isChanged);
                  if (missing.decrementAndGet() == 0) {
                    completed(index, source, copy, isChanged.get());
                  }
                });
      }
    } else {
      throw new MigrationException(
          FailureType.NOT_MOVABLE,
          "%s is larger than %d GiB. Move it by hand, out of the prefix, and start the"
                  .formatted(
                      tools.objects().source().uri(object.key()), PartLayout.LARGEST_OBJECT >> 30)
              + " migration again.");
    }
  }

  private void copyWhole(int index, Listed source) {
    RecordedObject outcome;
    try {
      outcome =
          RecordedObject.copied(
              source.object(), tools.whole().copy(source.object()), source.isYoung());
    } catch (MigrationException e) {
      tools.requireMayChange(e);
      outcome = RecordedObject.unsettled(source.object().name());
    }
    settle(index, outcome);
  }

  private void copyPart(PartedObjectCopy copy, int number, AtomicBoolean isChanged) {
    if (isChanged.get()) {
      return;
    }
    try {
      var unused = copy.copyPart(number);
    } catch (MigrationException e) {
      tools.requireMayChange(e);
      isChanged.set(true);
    }
  }

  private void completed(int index, Listed source, PartedObjectCopy copy, boolean isChanged) {
    if (isChanged) {
      copy.abandon();
      settle(index, RecordedObject.unsettled(source.object().name()));
    } else {
      settle(index, RecordedObject.copied(source.object(), copy.etag(), source.isYoung()));
    }
  }

  private void delete(List<Integer> gone) {
    tools.delete(gone.stream().map(index -> items.get(index).name()).toList());
    gone.forEach(index -> outcomes.set(index, null));
    endTask();
  }

  private void settle(int index, RecordedObject outcome) {
    outcomes.set(index, outcome);
    endTask();
  }

  private void endTask() {
    if (left.decrementAndGet() == 0) {
      if (isWritten) {
        record();
      }
      tools.leave();
    }
  }

  private synchronized void record() {
    List<RecordedObject> objects = new ArrayList<>(items.size());
    for (int index = 0; index < items.size(); index++) {
      RecordedObject object = outcomes.get(index);
      if (object != null) {
        objects.add(object);
      }
    }
    tools.record().write(chunk.with(objects));
  }
}
