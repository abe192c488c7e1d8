package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.KeyOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks over a stretch of names, the source's listing beside the record, and hands on what it finds
 * chunk by chunk; cuts chunks that have grown.
 */
final class StretchWalk {

  private final ObjectRecord.Stretch stretch;
  private final ObjectRecord record;
  private final FollowSettings settings;
  private final SourceListing source;
  private final Set<String> copyAgain;
  private final PartTaker parts;
  private final List<ObjectRecord.Cut> passed = new ArrayList<>();

  /**
   * A walk.
   *
   * @param copyAgain the names of objects that count as changed
   */
  StretchWalk(
      ObjectRecord.Stretch stretch,
      ObjectRecord record,
      FollowSettings settings,
      SourceListing source,
      Set<String> copyAgain,
      PartTaker parts) {
    this.stretch = stretch;
    this.record = record;
    this.settings = settings;
    this.source = source;
    this.copyAgain = copyAgain;
    this.parts = parts;
  }

  /** Takes the items of a chunk, whose objects are yet to be recorded. */
  interface PartTaker {

    /**
     * Takes them.
     *
     * @param isCut whether the chunk has to be written although nothing changed in it
     */
    void take(RecordChunk chunk, List<Item> items, boolean isCut);
  }

  /** Walks; answers where the chunks begin that were walked over. */
  List<ObjectRecord.Cut> walk() {
    RecordChunk chunk = walk(record.read(stretch.firstChunk()));
    while (!Objects.equals(chunk.range().upTo(), stretch.names().upTo())) {
      chunk = walk(record.read(chunk.next()));
    }
    return passed;
  }

  /** Walks over one chunk; answers it, or the last one that it was cut into. */
  private RecordChunk walk(RecordChunk found) {
    RecordChunk chunk = passing(found);
    RecordedAhead recorded = new RecordedAhead(found.objects());
    List<Item> items = new ArrayList<>();
    Item item = nextItem(recorded, found.range().upTo());
    while (item != null) {
      items.add(item);
      if (items.size() > settings.largestChunk()) {
        List<Item> first = items.subList(0, settings.chunk());
        List<Item> rest = items.subList(settings.chunk(), items.size());
        String last = first.get(first.size() - 1).name();
        RecordChunk right = chunk.from(last, record.newId(), recorded.withRest(rest));
        record.write(right);
        parts.take(chunk.endingAt(last, right.id()), List.copyOf(first), true);
        items = new ArrayList<>(rest);
        chunk = passing(right);
      }
      item = nextItem(recorded, found.range().upTo());
    }
    parts.take(chunk, List.copyOf(items), false);
    return chunk;
  }

  private RecordChunk passing(RecordChunk chunk) {
    String after = chunk.range().after();
    if (after != null) {
      passed.add(new ObjectRecord.Cut(chunk.id(), after));
    }
    return chunk;
  }

  private @Nullable Item nextItem(RecordedAhead recorded, @Nullable String upTo) {
    String listed = source.nextName(upTo);
    RecordedObject known = recorded.next();
    if (listed == null && known == null) {
      return null;
    }
    int order = order(listed, known);
    String name = order <= 0 && listed != null ? listed : Objects.requireNonNull(known).name();
    return new Item(
        name,
        order <= 0 ? source.take() : null,
        order >= 0 ? recorded.take() : null,
        copyAgain.contains(name));
  }

  private static int order(@Nullable String listed, @Nullable RecordedObject known) {
    if (listed == null) {
      return 1;
    }
    return known == null ? -1 : KeyOrder.INSTANCE.compare(listed, known.name());
  }

  /** What the record has that no item was made of yet. */
  private static final class RecordedAhead {

    private final List<RecordedObject> objects;
    private int taken;

    RecordedAhead(List<RecordedObject> objects) {
      this.objects = objects;
    }

    @Nullable RecordedObject next() {
      return taken < objects.size() ? objects.get(taken) : null;
    }

    RecordedObject take() {
      taken++;
      return objects.get(taken - 1);
    }

    /** What the record has of those items, and all that comes after. */
    List<RecordedObject> withRest(List<Item> items) {
      List<RecordedObject> rest = new ArrayList<>();
      for (Item item : items) {
        if (item.recorded() != null) {
          rest.add(item.recorded());
        }
      }
      rest.addAll(objects.subList(taken, objects.size()));
      return rest;
    }
  }
}
