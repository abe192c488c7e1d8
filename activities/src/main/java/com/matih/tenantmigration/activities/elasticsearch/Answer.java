package com.matih.tenantmigration.activities.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;

/** What a cluster answered: a status and the bytes as they came. */
final class Answer {

  private final int status;
  private final byte[] body;

  Answer(int status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  int status() {
    return status;
  }

  boolean isMissing() {
    return status == 404;
  }

  boolean isError() {
    return status >= 400;
  }

  /** The bytes themselves, not a copy: an answer can be large. */
  byte[] bytes() {
    return body;
  }

  /** The body as a tree; a missing node where there is none. */
  JsonNode json() {
    return Json.parse(body);
  }
}
