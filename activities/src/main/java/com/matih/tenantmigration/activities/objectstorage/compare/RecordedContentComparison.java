package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.ETags;
import com.matih.tenantmigration.activities.objectstorage.client.KeyOrder;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.content.DigestSink;
import com.matih.tenantmigration.activities.objectstorage.content.ObjectAttributes;
import com.matih.tenantmigration.activities.objectstorage.content.SourceReader;
import com.matih.tenantmigration.activities.objectstorage.follow.CarriedObjects;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectRecord;
import com.matih.tenantmigration.activities.objectstorage.follow.RecordWalk;
import com.matih.tenantmigration.activities.objectstorage.follow.RecordedObject;
import com.matih.tenantmigration.activities.objectstorage.follow.ToCopyAgain;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Reads on both sides, while the tenant works, every object whose source is still the one that was
 * copied, and compares content, headers, user metadata and tags. What changed since, or changes
 * while it is read, is left to the drain.
 *
 * <p>No listing shows that tags changed, so an object where nothing else differs is no mismatch: it
 * is noted {@link ToCopyAgain}.
 */
final class RecordedContentComparison {

  private static final String TAGS = "tags";

  private final ObjectStores stores;
  private final MigrationJournal journal;

  RecordedContentComparison(ObjectStores stores, MigrationJournal journal) {
    this.stores = stores;
    this.journal = journal;
  }

  Finding compare(MigrationContext context, ProgressMonitor monitor) {
    Finding finding = new Finding();
    ComparedSoFar soFar = new ComparedSoFar(journal, context, finding);
    String after = soFar.name();
    if (after == null) {
      new CarriedObjects(journal, context).compared();
    }
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    ObjectRecord record = new ObjectRecord(journal, context);
    Look look;
    try (TenantObjects objects = stores.openBoth(spec, monitor);
        WorkerPool pool = new WorkerPool("object-check", spec.concurrency(), monitor)) {
      look = new Look(objects, record, finding, soFar);
      for (RecordWalk walk = record.walk(); walk.hasNext(); ) {
        RecordWalk.Step step = walk.next();
        String name = step.object().name();
        if (after != null && KeyOrder.INSTANCE.compare(name, after) <= 0) {
          continue;
        }
        long number = soFar.begin();
        pool.submit(
            () -> {
              boolean isCompared = look.at(step);
              soFar.done(number, name, !isCompared);
              monitor.update(
                  new Progress(look.done.incrementAndGet(), -1, "objects", "comparing objects"));
            });
      }
      pool.awaitAll();
    } catch (MigrationException e) {
      throw soFar.noted(e);
    }
    if (!look.otherTags.isEmpty()) {
      new ToCopyAgain(journal, context).add(look.otherTags);
      look.finding.note(
          "%s had other tags than when it was copied; copied again."
              .formatted(Units.plural(look.otherTags.size(), "object")));
    }
    soFar.forget();
    look.notKept.noteIn(look.finding);
    PointObjectChecks.noteLeft(look.finding, look.left.get());
    return PointObjectChecks.orEmpty(look.finding);
  }

  /** The comparison of one object after the other, by several threads. */
  private static final class Look {

    private final TenantObjects objects;
    private final ObjectRecord record;
    private final Finding finding;
    private final ComparedSoFar soFar;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong left = new AtomicLong();
    private final TraitsNotKept notKept = new TraitsNotKept();
    private final Set<String> otherTags = new ConcurrentSkipListSet<>();

    Look(TenantObjects objects, ObjectRecord record, Finding finding, ComparedSoFar soFar) {
      this.finding = finding;
      this.soFar = soFar;
      this.left.set(soFar.left());
      this.objects = objects;
      this.record = record;
    }

    /** Whether it was compared, and not left to the drain. */
    boolean at(RecordWalk.Step step) {
      RecordedObject object = step.object();
      if (object.state() != RecordedObject.State.SETTLED) {
        left.incrementAndGet();
        return false;
      }
      Optional<List<String>> differences = differences(object);
      if (differences.isEmpty()) {
        left.incrementAndGet();
        return false;
      }
      finding.compared(1);
      judge(step, differences.get());
      return true;
    }

    private void judge(RecordWalk.Step step, List<String> differences) {
      RecordedObject object = step.object();
      if (differences.isEmpty()) {
        return;
      }
      if (!isStill(step)) {
        left.incrementAndGet();
      } else if (differences.equals(List.of(TAGS)) && otherTags.size() < ToCopyAgain.MOST) {
        // they are kept when the check ends, so another attempt has to find them again
        soFar.end();
        otherTags.add(object.name());
      } else {
        finding.mismatch(
            "%s: %s %s not those of %s"
                .formatted(
                    targetUri(object),
                    String.join(", ", differences),
                    differences.size() == 1 ? "is" : "are",
                    objects.source().uri(source(object).key())));
      }
    }

    /** In what the two differ; empty where the source is another one by now. */
    private Optional<List<String>> differences(RecordedObject object) {
      DigestSink ofSource = new DigestSink();
      Optional<GetObjectResponse> source =
          read(() -> new SourceReader(objects.source()).streamShared(source(object), ofSource));
      if (source.isEmpty() || !isOfTime(source.get().lastModified(), object)) {
        return Optional.empty();
      }
      DigestSink ofTarget = new DigestSink();
      Optional<GetObjectResponse> target =
          read(() -> new SourceReader(objects.target()).stream(target(object), ofTarget));
      if (target.isEmpty()) {
        return Optional.of(List.of("content"));
      }
      notKept.look(source.get(), target.get());
      List<String> differences = new ArrayList<>();
      if (!ofSource.sha256().equals(ofTarget.sha256())) {
        differences.add("content");
      }
      differences.addAll(
          ObjectAttributes.of(objects.source().uri(source(object).key()), source.get())
              .differences(ObjectAttributes.of(targetUri(object), target.get())));
      addTags(object, differences);
      return Optional.of(differences);
    }

    private void addTags(RecordedObject object, List<String> differences) {
      try {
        if (!new SourceReader(objects.source())
            .tags(source(object))
            .equals(new SourceReader(objects.target()).tags(target(object)))) {
          differences.add(TAGS);
        }
      } catch (MigrationException e) {
        if (e.type() != FailureType.SOURCE_CHANGED) {
          throw e;
        }
        // whose, and whether that is a mismatch, is decided with the other differences
        differences.add("existence");
      }
    }

    private static Optional<GetObjectResponse> read(Supplier<GetObjectResponse> request) {
      try {
        return Optional.of(request.get());
      } catch (MigrationException e) {
        if (e.type() != FailureType.SOURCE_CHANGED) {
          throw e;
        }
        return Optional.empty();
      }
    }

    /** Whether neither the source nor the record has changed since the object was looked at. */
    private boolean isStill(RecordWalk.Step step) {
      RecordedObject object = step.object();
      Optional<HeadObjectResponse> now = objects.source().find(source(object).key());
      return now.filter(head -> ETags.same(head.eTag(), object.etag()))
              .filter(head -> isOfTime(head.lastModified(), object))
              .isPresent()
          && record.find(step.chunk(), object.name()).equals(Optional.of(object));
    }

    /** A listing may tell the time to the millisecond, a header tells it to the second. */
    private static boolean isOfTime(Instant header, RecordedObject object) {
      return header.getEpochSecond()
          == Instant.ofEpochMilli(object.modifiedMillis()).getEpochSecond();
    }

    private ObjectEntry source(RecordedObject object) {
      return object.asListed(objects.source().prefix());
    }

    private ObjectEntry target(RecordedObject object) {
      return new ObjectEntry(
          object.name(),
          objects.target().prefix() + object.name(),
          object.size(),
          object.copyEtag(),
          Instant.EPOCH,
          "");
    }

    private String targetUri(RecordedObject object) {
      return objects.target().uri(objects.target().prefix() + object.name());
    }
  }
}
