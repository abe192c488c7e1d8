package com.matih.tenantmigration.activities.elasticsearch.client;

import java.io.IOException;
import org.apache.http.HttpEntity;
import org.apache.http.HttpResponse;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.entity.ContentBufferEntity;
import org.apache.http.nio.protocol.AbstractAsyncResponseConsumer;
import org.apache.http.nio.util.HeapByteBufferAllocator;
import org.apache.http.nio.util.SimpleInputBuffer;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes an answer into memory, up to a limit. The client's own consumer looks at the announced
 * length alone, and a cluster announces none for what it sends in chunks.
 */
final class BoundedAnswer extends AbstractAsyncResponseConsumer<HttpResponse> {

  private static final int FIRST_BUFFER = 64 * 1024;

  private final int limit;
  private @Nullable HttpResponse response;
  private @Nullable SimpleInputBuffer buffer;

  BoundedAnswer(int limit) {
    this.limit = limit;
  }

  @Override
  protected void onResponseReceived(HttpResponse received) {
    response = received;
  }

  @Override
  protected void onEntityEnclosed(HttpEntity entity, ContentType contentType) throws IOException {
    long length = entity.getContentLength();
    if (length > limit) {
      throw new AnswerTooLargeException(limit);
    }
    buffer =
        new SimpleInputBuffer(
            length > 0 ? (int) length : FIRST_BUFFER, HeapByteBufferAllocator.INSTANCE);
    if (response != null) {
      response.setEntity(new ContentBufferEntity(entity, buffer));
    }
  }

  @Override
  protected void onContentReceived(ContentDecoder decoder, IOControl control) throws IOException {
    if (buffer == null) {
      throw new IOException("content came before its entity");
    }
    buffer.consumeContent(decoder);
    if (buffer.length() > limit) {
      throw new AnswerTooLargeException(limit);
    }
  }

  @Override
  protected @Nullable HttpResponse buildResult(HttpContext context) {
    return response;
  }

  @Override
  protected void releaseResources() {
    buffer = null;
  }
}
