package com.matih.tenantmigration.benchmarks.objects;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Contender;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The least that a copy can cost: a GET and a PUT for each object that is listed. */
final class GetAndPut implements Contender {

  private final S3Client shared;
  private final S3Client dedicated;

  GetAndPut(S3Client shared, S3Client dedicated) {
    this.shared = shared;
    this.dedicated = dedicated;
  }

  @Override
  public String name() {
    return "GET and PUT";
  }

  @Override
  public List<Step> steps(String target) {
    dedicated.createBucket(request -> request.bucket(target));
    return List.of(new Step(name(), () -> copy(target)));
  }

  private void copy(String target) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(ObjectsBench.CONCURRENCY);
    try {
      List<Future<?>> copies = new ArrayList<>();
      for (S3Object object :
          shared
              .listObjectsV2Paginator(
                  request -> request.bucket(ObjectsBench.SHARED_BUCKET).prefix(ObjectsBench.PREFIX))
              .contents()) {
        copies.add(threads.submit(() -> copy(object.key(), target)));
      }
      for (Future<?> copy : copies) {
        copy.get();
      }
    } catch (ExecutionException e) {
      throw new BenchmarkException("An object cannot be copied.", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private void copy(String key, String target) {
    ResponseBytes<GetObjectResponse> object =
        shared.getObjectAsBytes(request -> request.bucket(ObjectsBench.SHARED_BUCKET).key(key));
    dedicated.putObject(
        request ->
            request
                .bucket(target)
                .key(key.substring(ObjectsBench.PREFIX.length()))
                .contentType(object.response().contentType())
                .metadata(object.response().metadata()),
        RequestBody.fromBytes(object.asByteArrayUnsafe()));
  }
}
