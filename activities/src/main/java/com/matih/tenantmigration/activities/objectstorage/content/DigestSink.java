package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.engine.Digests;
import java.security.MessageDigest;

/** Takes the SHA-256 of content as it flows. */
public final class DigestSink implements SourceReader.Sink {

  private final MessageDigest digest = Digests.sha256();

  @Override
  public void begin() {
    digest.reset();
  }

  @Override
  public void take(byte[] buffer, int length) {
    digest.update(buffer, 0, length);
  }

  /** The digest of all that flowed since the beginning, in hexadecimal; to be asked once. */
  public String sha256() {
    return Digests.hex(digest);
  }
}
