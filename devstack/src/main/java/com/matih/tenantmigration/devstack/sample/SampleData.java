package com.matih.tenantmigration.devstack.sample;

import com.matih.tenantmigration.devstack.clusters.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Loads the sample tenants into all stores of the shared cluster at the same time. */
public final class SampleData {

  private final Side shared;
  private final SampleSeed seed;

  public SampleData(Side shared, SampleSeed seed) {
    this.shared = shared;
    this.seed = seed;
  }

  /**
   * Loads everything; the shared database must exist and be empty.
   *
   * @param loaded told of each store that is loaded, by name, with the time that it took
   */
  public void load(BiConsumer<String, Duration> loaded) {
    SampleDatabase database = new SampleDatabase(shared, seed);
    List<Runnable> work = new ArrayList<>();
    work.add(timed("objects", new SampleObjects(shared, seed)::load, loaded));
    work.add(timed("documents", new SampleDocuments(shared, seed)::load, loaded));
    work.add(timed("rows of " + SampleDatabase.SHARED_SCHEMA, database::loadSharedSchema, loaded));
    work.add(timed("records", new SampleRecords(shared, seed)::load, loaded));
    List<SampleTenant> withSchemas = seed.size().ownSchemas() ? seed.size().tenants() : List.of();
    for (SampleTenant tenant : withSchemas) {
      work.add(
          timed("rows of " + tenant.schema(), () -> database.loadTenantSchema(tenant), loaded));
    }
    work.add(timed("cached keys", new SampleCache(shared, seed)::load, loaded));
    Concurrently.run(work.size(), work);
  }

  private static Runnable timed(String what, Runnable work, BiConsumer<String, Duration> loaded) {
    return () -> {
      long start = System.nanoTime();
      work.run();
      loaded.accept(what, Duration.ofNanos(System.nanoTime() - start));
    };
  }
}
