package com.matih.tenantmigration.activities.elasticsearch.client;

import java.io.IOException;

/** An answer is larger than the caller can hold; asking for fewer documents helps. */
final class AnswerTooLargeException extends IOException {

  private static final long serialVersionUID = 1L;

  AnswerTooLargeException(int limit) {
    super("the answer has more than " + limit + " bytes");
  }
}
