package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.HitPage;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.forecast.ReadSample;
import com.matih.tenantmigration.activities.engine.forecast.StoreForecast;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How fast the shared cluster hands out documents: some pages are read for a second. */
final class DocumentSpeed {

  private static final double PREPARATION = 1;
  private static final double OF_AN_INDEX = 1;

  /** Documents are indexed anew, by several sessions. */
  private static final double EFFORT = 2;

  private static final double DRAIN = 1;
  private static final double DRAIN_OF_AN_INDEX = 0.8;

  private final SearchCluster shared;
  private final List<Part> parts;

  /**
   * The tenant's documents of one index.
   *
   * @param index the shared one's name
   * @param query finds them
   */
  record Part(String index, ObjectNode query, long documents) {}

  DocumentSpeed(SearchCluster shared, List<Part> parts) {
    this.shared = shared;
    this.parts = parts;
  }

  StoreEstimate estimate(OptionalLong bytesPerSecond) {
    return new StoreForecast(
            StoreName.ELASTICSEARCH,
            PREPARATION + OF_AN_INDEX * parts.size(),
            EFFORT,
            DRAIN + DRAIN_OF_AN_INDEX * parts.size())
        .estimate(
            parts.stream().mapToLong(Part::documents).sum(),
            sample ->
                parts.stream()
                    .max(Comparator.comparingLong(Part::documents))
                    .ifPresent(largest -> read(largest, sample)),
            bytesPerSecond);
  }

  private void read(Part part, ReadSample sample) {
    try (PointInTime pointInTime = PointInTime.open(shared, part.index())) {
      DocumentReader reader = new DocumentReader(pointInTime, part.query(), true);
      long first = read(reader, sample);
      if (first >= part.documents()) {
        sample.all();
        return;
      }
      // the first page is small, and was as long in coming as it takes to connect
      sample.restart();
      for (long read = first; read > 0 && sample.goesOn(); ) {
        read = read(reader, sample);
      }
    }
  }

  private static long read(DocumentReader reader, ReadSample sample) {
    Optional<HitPage> page = reader.next();
    page.ifPresent(documents -> sample.read(documents.hits().size(), documents.size()));
    return page.map(documents -> (long) documents.hits().size()).orElse(0L);
  }
}
