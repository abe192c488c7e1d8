package com.matih.tenantmigration.devstack.demo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A digest of a set of things in whatever order they come: the sum of each thing's SHA-256, so that
 * it needs no memory for the things. Safe for use by several threads.
 */
public final class ContentDigest {

  private final long[] sums = new long[4];
  private long count;

  /** Adds one thing, told apart from all others by its parts; {@code null} is a part as well. */
  public void add(byte @Nullable []... parts) {
    MessageDigest sha = sha256();
    for (byte @Nullable [] part : parts) {
      int length = part == null ? -1 : part.length;
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length).array());
      if (part != null) {
        sha.update(part);
      }
    }
    ByteBuffer digest = ByteBuffer.wrap(sha.digest());
    synchronized (this) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += digest.getLong();
      }
      count++;
    }
  }

  /** {@link #add(byte[][])} for texts. */
  public void add(String... parts) {
    byte[][] bytes = new byte[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = parts[i].getBytes(StandardCharsets.UTF_8);
    }
    add(bytes);
  }

  /** What the things amount to, under a name. */
  public synchronized StoreDigest of(String store) {
    ByteBuffer digest = ByteBuffer.allocate(sums.length * Long.BYTES);
    for (long sum : sums) {
      digest.putLong(sum);
    }
    return new StoreDigest(store, count, HexFormat.of().formatHex(digest.array()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
