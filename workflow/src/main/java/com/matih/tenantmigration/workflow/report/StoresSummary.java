package com.matih.tenantmigration.workflow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What moves, or has moved, store by store; {@code null} for a store that does not take part. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoresSummary(
    @Nullable Postgres postgres,
    @Nullable ObjectStorage objectStorage,
    @Nullable Kafka kafka,
    @Nullable Elasticsearch elasticsearch,
    @Nullable Redis redis) {

  public static final StoresSummary NONE = new StoresSummary(null, null, null, null, null);

  public static StoresSummary of(Postgres postgres) {
    return new StoresSummary(postgres, null, null, null, null);
  }

  public static StoresSummary of(ObjectStorage objectStorage) {
    return new StoresSummary(null, objectStorage, null, null, null);
  }

  public static StoresSummary of(Kafka kafka) {
    return new StoresSummary(null, null, kafka, null, null);
  }

  public static StoresSummary of(Elasticsearch elasticsearch) {
    return new StoresSummary(null, null, null, elasticsearch, null);
  }

  public static StoresSummary of(Redis redis) {
    return new StoresSummary(null, null, null, null, redis);
  }

  /** This summary with the other's stores in place of its own, where the other has them. */
  public StoresSummary with(StoresSummary other) {
    return new StoresSummary(
        other.postgres != null ? other.postgres : postgres,
        other.objectStorage != null ? other.objectStorage : objectStorage,
        other.kafka != null ? other.kafka : kafka,
        other.elasticsearch != null ? other.elasticsearch : elasticsearch,
        other.redis != null ? other.redis : redis);
  }

  /**
   * The same in bounds: at most 96 KiB of each store's names, the last of which stands for all that
   * are left out, with their numbers added up.
   */
  public StoresSummary told() {
    return new StoresSummary(
        postgres == null ? null : postgres.told(),
        objectStorage,
        kafka == null ? null : kafka.told(),
        elasticsearch == null ? null : elasticsearch.told(),
        redis);
  }

  public record Postgres(List<Table> tables) {

    private Postgres told() {
      return new Postgres(Bounds.firstBytes(tables, Table::toString, Table::together));
    }
  }

  /**
   * One table.
   *
   * @param table the table's qualified name on the target
   * @param bytes the size of the rows in COPY's binary format; an estimate in a plan
   */
  public record Table(String table, long rows, long bytes) {

    private static Table together(List<Table> others) {
      return new Table(
          Bounds.more(others.size(), "tables"),
          others.stream().mapToLong(Table::rows).sum(),
          others.stream().mapToLong(Table::bytes).sum());
    }
  }

  public record ObjectStorage(long objects, long bytes) {}

  public record Kafka(List<Topic> topics, int consumerGroups) {

    private Kafka told() {
      return new Kafka(Bounds.firstBytes(topics, Topic::toString, Topic::together), consumerGroups);
    }
  }

  /**
   * One topic.
   *
   * @param topic the dedicated topic's name
   * @param records the tenant's records; in a plan, all retained records of the shared topic, of
   *     which the tenant's are a part
   */
  public record Topic(String topic, long records) {

    private static Topic together(List<Topic> others) {
      return new Topic(
          Bounds.more(others.size(), "topics"), others.stream().mapToLong(Topic::records).sum());
    }
  }

  public record Elasticsearch(List<Index> indices) {

    private Elasticsearch told() {
      return new Elasticsearch(Bounds.firstBytes(indices, Index::toString, Index::together));
    }
  }

  /**
   * One index.
   *
   * @param index the dedicated index' name
   */
  public record Index(String index, long documents) {

    private static Index together(List<Index> others) {
      return new Index(
          Bounds.more(others.size(), "indices"), others.stream().mapToLong(Index::documents).sum());
    }
  }

  public record Redis(long keys) {}
}
