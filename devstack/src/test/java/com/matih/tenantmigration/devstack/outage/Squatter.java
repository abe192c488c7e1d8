package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.IndexScan;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Somebody else who takes the names of a tenant's dedicated side in the middle of its migration.
 * Whatever becomes of that, what is theirs stays.
 */
final class Squatter {

  private final Side side;
  private final String database;
  private final String bucket;
  private final String index;
  private final List<String> taken = new ArrayList<>();

  Squatter(OutageStack stack, OutageTenant tenant) {
    this.side = stack.sides().dedicated();
    this.database = tenant.ownDatabase();
    this.bucket = tenant.id() + "-own";
    this.index = tenant.id() + "-docs";
  }

  /** Takes those that are free. */
  void take() {
    if (!Databases.exists(side, database)) {
      take(
          database,
          () -> {
            Databases.execute(side, "postgres", "CREATE DATABASE " + database);
            Databases.execute(side, database, "CREATE TABLE theirs AS SELECT 1 AS one");
          });
    }
    ElasticsearchHttp elasticsearch = new ElasticsearchHttp(side.elasticsearchUrl());
    if (!elasticsearch.exists("/" + index)) {
      take(
          index,
          () -> elasticsearch.send("PUT", "/" + index + "/_doc/theirs", "{\"title\": \"theirs\"}"));
    }
    try (S3Client s3 = S3Clients.of(side)) {
      if (!hasBucket(s3)) {
        take(
            bucket,
            () -> {
              s3.createBucket(create -> create.bucket(bucket));
              s3.putObject(
                  put -> put.bucket(bucket).key("theirs"), RequestBody.fromString("theirs"));
            });
      }
    }
  }

  /** The migration may be quicker. */
  private void take(String name, Runnable what) {
    try {
      what.run();
      taken.add(name);
    } catch (StoreException | S3Exception e) {
      // the migration has it
    }
  }

  boolean hasTakenAny() {
    return !taken.isEmpty();
  }

  /** What is not there any more, or not alone. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (taken.contains(database) && !tables().equals(List.of("theirs"))) {
      missing.add(database);
    }
    if (taken.contains(index) && !titles().equals(List.of("theirs"))) {
      missing.add(index);
    }
    if (taken.contains(bucket) && !keys().equals(List.of("theirs"))) {
      missing.add(bucket);
    }
    return missing;
  }

  private List<String> tables() {
    return Databases.exists(side, database)
        ? Databases.query(
            side,
            database,
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        : List.of();
  }

  private List<String> titles() {
    List<String> titles = new ArrayList<>();
    ElasticsearchHttp elasticsearch = new ElasticsearchHttp(side.elasticsearchUrl());
    if (elasticsearch.exists("/" + index)) {
      IndexScan.read(
          elasticsearch, index, hit -> titles.add(hit.path("_source").path("title").asText()));
    }
    return titles;
  }

  private List<String> keys() {
    try (S3Client s3 = S3Clients.of(side)) {
      return hasBucket(s3) ? List.copyOf(BucketScan.keys(s3, bucket, "")) : List.of();
    }
  }

  private boolean hasBucket(S3Client s3) {
    return s3.listBuckets().buckets().stream().anyMatch(each -> each.name().equals(bucket));
  }
}
