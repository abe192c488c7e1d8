package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;

/** What a cluster answered: a status and the bytes as they came. */
public final class Answer {

  private final int status;
  private final byte[] body;

  Answer(int status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  public int status() {
    return status;
  }

  public boolean isMissing() {
    return status == 404;
  }

  public boolean isError() {
    return status >= 400;
  }

  /** The bytes themselves, not a copy: an answer can be large. */
  public byte[] bytes() {
    return body;
  }

  /** The body as a tree; a missing node where there is none. */
  public JsonNode json() {
    return Json.parse(body);
  }
}
