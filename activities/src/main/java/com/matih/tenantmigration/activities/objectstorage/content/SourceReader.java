package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads the content of objects as a listing showed them: every read requires the listed ETag, so
 * that an object that changes meanwhile is noticed and never copied half old and half new.
 *
 * <p>A read that breaks off is repeated by the client from its beginning.
 */
public final class SourceReader {

  private static final int BUFFER = 64 * 1024;

  private final ObjectStore store;

  public SourceReader(ObjectStore store) {
    this.store = store;
  }

  /** Content with what the server said about the object. */
  public static final class Content {

    private final GetObjectResponse object;
    private final byte[] bytes;

    private Content(GetObjectResponse object, byte[] bytes) {
      this.object = object;
      this.bytes = bytes;
    }

    GetObjectResponse object() {
      return object;
    }

    /** The bytes themselves, not a copy. */
    public byte[] bytes() {
      return bytes;
    }
  }

  /** A whole object, which must fit into memory. */
  Content readWhole(ObjectEntry object) {
    return get(object, null, Math.toIntExact(object.size()));
  }

  /** A part of an object. */
  public Content readPart(ObjectEntry object, PartLayout.Part part) {
    return get(object, part.range(), part.size());
  }

  /** The headers of an object. */
  public HeadObjectResponse head(ObjectEntry object) {
    return unchanged(
        object,
        s3 ->
            s3.headObject(
                head -> head.bucket(store.bucket()).key(object.key()).ifMatch(etag(object))));
  }

  /** The tags of an object, which may be newer than its content. */
  public Map<String, String> tags(ObjectEntry object) {
    try {
      return store.tags(object.key());
    } catch (MigrationException e) {
      if (e.getCause() instanceof S3Exception answered && isGone(answered)) {
        throw changed(object, answered);
      }
      throw e;
    }
  }

  /** Has the whole content flow through a sink, which is told when it begins again. */
  public GetObjectResponse stream(ObjectEntry object, Sink sink) {
    return unchanged(
        object,
        s3 ->
            s3.getObject(
                get -> get.bucket(store.bucket()).key(object.key()).ifMatch(etag(object)),
                flowingInto(sink, object.size())));
  }

  /**
   * The same of the shared side, as gently as the migration's throttle asks for: what is small is
   * waited for before it is asked for, because no server waits long for who reads slowly.
   */
  public GetObjectResponse streamShared(ObjectEntry object, Sink sink) {
    if (object.size() <= PartLayout.WHOLE_LIMIT) {
      WorkScope.current().readShared(object.size());
      return stream(object, sink);
    }
    return stream(
        object,
        new Sink() {
          @Override
          public void begin() {
            sink.begin();
          }

          @Override
          public void take(byte[] buffer, int length) {
            WorkScope.current().readShared(length);
            sink.take(buffer, length);
          }
        });
  }

  /** Takes content as it flows. */
  interface Sink {

    /** Forgets what came before: the read begins at the content's beginning. */
    void begin();

    void take(byte[] buffer, int length);
  }

  private Content get(ObjectEntry object, @Nullable String range, int size) {
    return unchanged(
        object,
        s3 ->
            s3.getObject(
                get ->
                    get.bucket(store.bucket()).key(object.key()).ifMatch(etag(object)).range(range),
                (answer, body) -> new Content(answer, readExactly(body, size))));
  }

  private <T> T unchanged(ObjectEntry object, Function<S3Client, T> request) {
    String attempted = "read " + store.uri(object.key());
    try {
      return store.ask(attempted, request);
    } catch (S3Exception e) {
      if (isGone(e) || e.statusCode() == 412) {
        throw changed(object, e);
      }
      throw ObjectStorageFailures.translate(attempted, e);
    }
  }

  static boolean isGone(S3Exception e) {
    return e.statusCode() == 404 && !ObjectStorageFailures.hasCode(e, "NoSuchBucket");
  }

  MigrationException changed(ObjectEntry object, S3Exception e) {
    return new MigrationException(
        FailureType.SOURCE_CHANGED,
        "%s was changed or deleted while it was read. Stop the writer, then start the"
                .formatted(store.uri(object.key()))
            + " migration again.",
        e);
  }

  private static @Nullable String etag(ObjectEntry object) {
    return object.etag().isEmpty() ? null : object.etag();
  }

  private static byte[] readExactly(InputStream body, int size) {
    try (body) {
      byte[] bytes = body.readNBytes(size);
      if (bytes.length < size || body.read() >= 0) {
        throw new EOFException("the content is not %d bytes long".formatted(size));
      }
      return bytes;
    } catch (IOException e) {
      throw RetryableException.create("the content could not be read", e);
    }
  }

  private static ResponseTransformer<GetObjectResponse, GetObjectResponse> flowingInto(
      Sink sink, long size) {
    return (answer, body) -> {
      sink.begin();
      byte[] buffer = new byte[BUFFER];
      long taken = 0;
      try {
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
          if (Thread.currentThread().isInterrupted()) {
            body.abort();
            throw AbortedException.create("interrupted while reading");
          }
          sink.take(buffer, read);
          taken += read;
        }
        if (taken != size) {
          throw new EOFException("the content is not %d bytes long".formatted(size));
        }
      } catch (IOException e) {
        throw RetryableException.create("the content could not be read", e);
      }
      return answer;
    };
  }
}
