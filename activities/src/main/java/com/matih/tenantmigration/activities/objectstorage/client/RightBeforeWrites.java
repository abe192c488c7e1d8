package com.matih.tenantmigration.activities.objectstorage.client;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;

/**
 * Asks for the right to write at the last moment before a request is sent, however long it was
 * prepared, waited for a connection or was repeated: what was allowed when an object began to be
 * read says nothing about when it is written. Who ends an upload of its own needs no right.
 */
final class RightBeforeWrites implements ExecutionInterceptor {

  private final Runnable right;

  RightBeforeWrites(Runnable right) {
    this.right = right;
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    SdkHttpMethod method = context.httpRequest().method();
    boolean reads = method == SdkHttpMethod.GET || method == SdkHttpMethod.HEAD;
    if (!reads && !(context.request() instanceof AbortMultipartUploadRequest)) {
      right.run();
    }
  }
}
