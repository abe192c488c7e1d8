package com.matih.tenantmigration.embedded.workload.objects;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** One thread of an {@link ObjectWorkload}, which alone writes the objects of its folder. */
final class ObjectSession implements Runnable {

  private static final int SMALL = 3_000;
  private static final int LARGE = 8 * 1024 * 1024 + 1;
  private static final int MANY = 20;
  private static final int MOST_UPLOADS = 4;
  private static final List<String> CONTENT_TYPES =
      List.of("text/plain", "application/json", "image/png");

  private final ObjectPlace place;
  private final String folder;
  private final Random random;
  private final Duration pause;
  private final ObjectJournal journal;
  private final CountDownLatch stop;
  private final TreeMap<String, Written> present = new TreeMap<>();
  private final List<String> deleted = new ArrayList<>();
  private final Deque<Upload> uploads = new ArrayDeque<>();
  private int names;
  private volatile @Nullable Throwable failure;

  ObjectSession(
      ObjectPlace place,
      String folder,
      Random random,
      Duration pause,
      ObjectJournal journal,
      CountDownLatch stop) {
    this.place = place;
    this.folder = folder;
    this.random = random;
    this.pause = pause;
    this.journal = journal;
    this.stop = stop;
  }

  /** Content with what goes with it. */
  private static final class Written {

    private final byte[] content;
    private final String contentType;
    private final Map<String, String> metadata;

    Written(byte[] content, String contentType, Map<String, String> metadata) {
      this.content = content;
      this.contentType = contentType;
      this.metadata = metadata;
    }

    byte[] content() {
      return content;
    }

    String contentType() {
      return contentType;
    }

    Map<String, String> metadata() {
      return metadata;
    }

    ObjectState state() {
      return ObjectState.of(content, contentType, metadata);
    }
  }

  /** An upload whose only part is there. */
  private record Upload(String name, String id, String etag, Written written) {}

  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  @SuppressWarnings("IllegalCatch") // whatever ends the thread is told by whoever ends the workload
  public void run() {
    try (S3Client s3 = place.connect()) {
      while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        change(s3);
      }
      while (!uploads.isEmpty()) {
        complete(s3, uploads.remove());
      }
    } catch (RuntimeException e) {
      failure = e;
    } catch (InterruptedException e) {
      failure = e;
      Thread.currentThread().interrupt();
    }
  }

  private void change(S3Client s3) {
    int dice = random.nextInt(100);
    if (present.size() < 10 || dice < 12) {
      put(s3, ObjectChange.PUT, freeName(), small());
    } else if (dice < 15) {
      for (int i = 0; i < MANY; i++) {
        put(s3, ObjectChange.PUT_MANY, freeName(), small());
      }
    } else if (dice < 30) {
      put(s3, ObjectChange.OVERWRITE, anyName(), small());
    } else if (dice < 42) {
      String name = anyName();
      put(s3, ObjectChange.OVERWRITE_SAME_SIZE, name, sized(present.get(name).content().length));
    } else if (dice < 54) {
      String name = anyName();
      put(s3, ObjectChange.OTHER_METADATA, name, dressed(present.get(name).content()));
    } else if (dice < 68) {
      delete(s3, nameWithoutUpload());
    } else if (dice < 74) {
      String name = nameWithoutUpload();
      Written again = present.get(name);
      delete(s3, name);
      put(s3, ObjectChange.WRITE_AGAIN, name, again);
    } else if (dice < 84) {
      copy(s3, anyName(), random.nextBoolean() ? anyName() : freeName());
    } else if (dice < 99) {
      beginUpload(s3);
    } else {
      put(s3, ObjectChange.PUT_LARGE, freeName(), sized(LARGE + random.nextInt(100)));
    }
  }

  private void put(S3Client s3, ObjectChange change, String name, Written written) {
    var unused =
        s3.putObject(
            put ->
                put.bucket(place.bucket())
                    .key(key(name))
                    .contentType(written.contentType())
                    .metadata(written.metadata()),
            RequestBody.fromBytes(written.content()));
    acknowledge(change, name, written);
  }

  private void delete(S3Client s3, String name) {
    var unused = s3.deleteObject(delete -> delete.bucket(place.bucket()).key(key(name)));
    present.remove(name);
    deleted.add(name);
    journal.acknowledge(ObjectChange.DELETE, folder + name, Optional.empty());
  }

  private void copy(S3Client s3, String from, String to) {
    if (from.equals(to)) {
      return;
    }
    var unused =
        s3.copyObject(
            copy ->
                copy.sourceBucket(place.bucket())
                    .sourceKey(key(from))
                    .destinationBucket(place.bucket())
                    .destinationKey(key(to)));
    acknowledge(ObjectChange.COPY, to, present.get(from));
  }

  private void beginUpload(S3Client s3) {
    if (uploads.size() >= MOST_UPLOADS) {
      complete(s3, uploads.remove());
    }
    String name = random.nextBoolean() ? anyName() : freeName();
    Written written = sized(1 + random.nextInt(SMALL));
    String id =
        s3.createMultipartUpload(
                create ->
                    create
                        .bucket(place.bucket())
                        .key(key(name))
                        .contentType(written.contentType())
                        .metadata(written.metadata()))
            .uploadId();
    String etag =
        s3.uploadPart(
                part -> part.bucket(place.bucket()).key(key(name)).uploadId(id).partNumber(1),
                RequestBody.fromBytes(written.content()))
            .eTag();
    uploads.add(new Upload(name, id, etag, written));
  }

  private void complete(S3Client s3, Upload upload) {
    var unused =
        s3.completeMultipartUpload(
            complete ->
                complete
                    .bucket(place.bucket())
                    .key(key(upload.name()))
                    .uploadId(upload.id())
                    .multipartUpload(
                        all ->
                            all.parts(
                                CompletedPart.builder()
                                    .partNumber(1)
                                    .eTag(upload.etag())
                                    .build())));
    acknowledge(ObjectChange.LATE_UPLOAD, upload.name(), upload.written());
  }

  private void acknowledge(ObjectChange change, String name, Written written) {
    present.put(name, written);
    deleted.remove(name);
    journal.acknowledge(change, folder + name, Optional.of(written.state()));
  }

  private String key(String name) {
    return place.prefix() + folder + name;
  }

  private String anyName() {
    String from = present.ceilingKey("%04x".formatted(random.nextInt(0x10000)));
    return from == null ? present.firstKey() : from;
  }

  /**
   * The server of the tests loses the parts of an upload when the object of its name is deleted.
   */
  private String nameWithoutUpload() {
    String name = anyName();
    boolean isFree = uploads.stream().noneMatch(upload -> upload.name().equals(name));
    return isFree ? name : nameWithoutUpload();
  }

  /** A name that is new, or was deleted; new ones come anywhere in the order. */
  private String freeName() {
    if (!deleted.isEmpty() && random.nextInt(3) == 0) {
      return deleted.get(random.nextInt(deleted.size()));
    }
    names++;
    return "%04x-%d ü+.bin".formatted(random.nextInt(0x10000), names);
  }

  private Written small() {
    return sized(random.nextInt(20) == 0 ? 0 : random.nextInt(SMALL));
  }

  private Written sized(int size) {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return dressed(content);
  }

  private Written dressed(byte[] content) {
    return new Written(
        content,
        CONTENT_TYPES.get(random.nextInt(CONTENT_TYPES.size())),
        Map.of("mark", Long.toHexString(random.nextLong())));
  }
}
