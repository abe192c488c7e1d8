package com.matih.tenantmigration.activities.elasticsearch.copy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.BulkWriter;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentProgress;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.elasticsearch.compare.QuietBaseline;
import com.matih.tenantmigration.activities.elasticsearch.follow.BaseCopy;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexFinisher;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Copies the tenant's documents: a point-in-time of the shared index is read in slices, and each
 * document is written with its id, routing, version and source, byte for byte.
 *
 * <p>A document's identity and version make a second write the same write, so an attempt that
 * follows a broken one starts over. It first takes the right to write from that one ({@link
 * WriteAlias}); an index whose copy is whole is not written again, and only then gets its settings
 * in service.
 *
 * <p>While the tenant works, the copy is the base that rounds go on from ({@link BaseCopy}), and
 * the index gets only such settings as do not change what they write.
 */
public final class IndexCopier {

  private final ElasticsearchClients clients;
  private final MigrationJournal journal;

  public IndexCopier(ElasticsearchClients clients, MigrationJournal journal) {
    this.clients = clients;
    this.journal = journal;
  }

  /**
   * Copies every index of the request, and gives each its settings in service.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt writes, WORK_ENDED
   *     where the indices are being undone
   */
  public StoresSummary copy(MigrationContext context, ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    try (SearchCluster shared = clients.shared(spec, monitor);
        SearchCluster dedicated = clients.dedicated(spec, monitor)) {
      List<Copy> copies =
          spec.indices().stream()
              .map(index -> new Copy(context, index, shared, dedicated, monitor))
              .toList();
      DocumentProgress progress =
          new DocumentProgress(monitor, copies.stream().mapToLong(Copy::documents).sum());
      List<StoresSummary.Index> copied = new ArrayList<>();
      for (Copy copy : copies) {
        copied.add(new StoresSummary.Index(copy.index.to(), copy.run(progress)));
      }
      return StoresSummary.of(new StoresSummary.Elasticsearch(copied));
    }
  }

  /** The copy of one index. */
  private final class Copy {

    private final MigrationContext context;
    private final ElasticsearchSpec.Index index;
    private final SearchCluster shared;
    private final SearchCluster dedicated;
    private final ProgressMonitor monitor;
    private final IndexDefinition source;

    Copy(
        MigrationContext context,
        ElasticsearchSpec.Index index,
        SearchCluster shared,
        SearchCluster dedicated,
        ProgressMonitor monitor) {
      this.context = context;
      this.index = index;
      this.shared = shared;
      this.dedicated = dedicated;
      this.monitor = monitor;
      this.source = Indices.source(shared, index.from());
    }

    /** How many documents there are to copy, as they were counted before the first was. */
    long documents() {
      return context.tenantWorks()
          ? Indices.count(shared, source.name(), tenant())
          : rememberQuiet(source, context.request().tenantKey()).total();
    }

    private ObjectNode tenant() {
      return Queries.ofTenant(index.tenantField(), context.request().tenantKey());
    }

    long run(DocumentProgress progress) {
      WriteAlias alias =
          WriteAlias.find(dedicated, index.to(), context.migrationId())
              .orElseThrow(() -> WriteAlias.gone(index.to()));
      if (context.tenantWorks()) {
        return copyBase(alias, progress);
      }
      OptionalLong before = alias.copied();
      before.ifPresent(documents -> progress.add(documents, index.to()));
      long copied =
          before.isPresent()
              ? before.getAsLong()
              : copyAll(alias.takeOver(monitor.attempt()).own(), progress);
      new IndexFinisher(dedicated, journal).finish(context, index.to());
      return copied;
    }

    /**
     * Copies what rounds go on from. The index stays open for them, so a note says that this is
     * whole, and the alias only whose turn it is.
     */
    private long copyBase(WriteAlias alias, DocumentProgress progress) {
      BaseCopy base = base();
      IndexFinisher finisher = new IndexFinisher(dedicated, journal);
      OptionalLong before = base.requireNotDrained(alias).copied();
      if (before.isPresent()) {
        progress.add(before.getAsLong(), index.to());
        finisher.finishBase(context, index.to(), alias);
        return before.getAsLong();
      }
      WriteAlias own = alias.takeOver(monitor.attempt()).own();
      base.begin();
      long copied = copyDocuments(own, progress);
      base.end(copied);
      finisher.finishBase(context, index.to(), own);
      return copied;
    }

    private BaseCopy base() {
      return BaseCopy.of(context, index, shared, journal);
    }

    private long copyAll(WriteAlias alias, DocumentProgress progress) {
      long copied = copyDocuments(alias, progress);
      var unused = alias.close(copied);
      return copied;
    }

    private long copyDocuments(WriteAlias alias, DocumentProgress progress) {
      Indices.refresh(shared, source.name());
      ObjectNode query = tenant();
      int slices = source.slices();
      try (PointInTime pointInTime = PointInTime.open(shared, source.name())) {
        base().addMappings(alias);
        List<Function<ProgressMonitor, Long>> work = new ArrayList<>();
        for (int slice = 0; slice < slices; slice++) {
          DocumentReader reader =
              new DocumentReader(pointInTime, query.deepCopy(), true, slice, slices);
          work.add(shared -> copySlice(reader, alias, progress, shared));
        }
        return WorkerPool.callAll("copy-" + index.to(), monitor, work).stream()
            .mapToLong(Long::longValue)
            .sum();
      }
    }

    /** Kept from the first attempt on: what was written since would else pass for quiet. */
    private QuietBaseline rememberQuiet(IndexDefinition source, String tenantKey) {
      return journal.remember(
          context.migrationId(),
          ElasticsearchNames.STORE,
          ElasticsearchNames.quietNote(index.from()),
          QuietBaseline.class,
          () -> QuietBaseline.read(shared, source, index.tenantField(), tenantKey));
    }

    private long copySlice(
        DocumentReader reader,
        WriteAlias alias,
        DocumentProgress progress,
        ProgressMonitor shared) {
      BulkWriter writer =
          context.tenantWorks()
              // what an earlier attempt has written in a higher version was written again since
              // that began, so a round sets it right
              ? BulkWriter.indexing(dedicated, index.to(), alias.name(), shared, higher -> {})
              : BulkWriter.indexing(dedicated, index.to(), alias.name(), shared);
      long copied = 0;
      for (var page = reader.next(); page.isPresent(); page = reader.next()) {
        reader.payForShared(page.get(), shared);
        writer.write(page.get().hits());
        int documents = page.get().hits().size();
        copied += documents;
        progress.add(documents, index.to());
      }
      return copied;
    }
  }
}
