package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectPairs;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.content.DigestSink;
import com.matih.tenantmigration.activities.objectstorage.content.ObjectAttributes;
import com.matih.tenantmigration.activities.objectstorage.content.SourceReader;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads every object on both sides and compares content, headers, user metadata and tags. No ETag
 * and no checksum that a server claims is believed.
 */
public final class ObjectContentComparison {

  private final ObjectStores stores;
  private final MigrationJournal journal;

  public ObjectContentComparison(ObjectStores stores, MigrationJournal journal) {
    this.stores = stores;
    this.journal = journal;
  }

  /**
   * Goes on where an earlier attempt ended ({@link ComparedSoFar}); not applicable where both sides
   * are empty.
   */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    ObjectStorageSpec spec = context.spec(ObjectStorageSpec.class);
    Finding finding = new Finding();
    ComparedSoFar soFar = new ComparedSoFar(journal, context, finding);
    String after = soFar.name();
    TraitsNotKept notKept = new TraitsNotKept();
    try (TenantObjects objects = stores.openBoth(spec, monitor);
        WorkerPool pool = new WorkerPool("object-check", spec.concurrency(), monitor)) {
      ObjectPairs pairs = objects.pairs(after, monitor);
      if (!pairs.hasNext() && after == null) {
        return ListingComparison.emptyOnBothSides();
      }
      while (pairs.hasNext()) {
        ObjectPairs.Pair pair = pairs.next();
        long number = soFar.begin();
        pool.submit(
            () -> {
              comparePair(objects, pair, finding, notKept);
              soFar.done(number, name(pair), false);
              monitor.update(
                  new Progress(finding.comparedCount(), -1, "objects", "comparing objects"));
            });
      }
      pool.awaitAll();
    } catch (MigrationException e) {
      throw soFar.noted(e);
    }
    soFar.forget();
    notKept.noteIn(finding);
    return finding;
  }

  private static String name(ObjectPairs.Pair pair) {
    ObjectEntry source = pair.source();
    return source == null ? Objects.requireNonNull(pair.target()).name() : source.name();
  }

  private static void comparePair(
      TenantObjects objects, ObjectPairs.Pair pair, Finding finding, TraitsNotKept notKept) {
    ObjectEntry source = pair.source();
    ObjectEntry target = pair.target();
    finding.compared(1);
    if (source == null || target == null) {
      finding.mismatch(ListingComparison.oneSided(objects, pair));
      return;
    }
    List<String> differences = new ArrayList<>();
    if (source.size() != target.size()) {
      differences.add("size");
    } else {
      differences.addAll(compareContent(objects, source, target, notKept));
    }
    if (!objects.source().tags(source.key()).equals(objects.target().tags(target.key()))) {
      differences.add("tags");
    }
    if (!differences.isEmpty()) {
      finding.mismatch(
          "%s: %s %s not those of %s"
              .formatted(
                  objects.target().uri(target.key()),
                  String.join(", ", differences),
                  differences.size() == 1 ? "is" : "are",
                  objects.source().uri(source.key())));
    }
  }

  private static List<String> compareContent(
      TenantObjects objects, ObjectEntry source, ObjectEntry target, TraitsNotKept notKept) {
    DigestSink ofSource = new DigestSink();
    DigestSink ofTarget = new DigestSink();
    GetObjectResponse sourceAnswer =
        new SourceReader(objects.source()).streamShared(source, ofSource);
    GetObjectResponse targetAnswer = new SourceReader(objects.target()).stream(target, ofTarget);
    notKept.look(sourceAnswer, targetAnswer);
    List<String> differences = new ArrayList<>();
    if (!ofSource.sha256().equals(ofTarget.sha256())) {
      differences.add("content");
    }
    differences.addAll(
        ObjectAttributes.of(objects.source().uri(source.key()), sourceAnswer)
            .differences(ObjectAttributes.of(objects.target().uri(target.key()), targetAnswer)));
    return differences;
  }
}
