package com.matih.tenantmigration.embedded.workload.objects;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an object is, as its readers see it.
 *
 * @param sha256 of its content, in hexadecimal
 */
public record ObjectState(
    long size, String sha256, String contentType, Map<String, String> metadata) {

  public ObjectState {
    metadata = new TreeMap<>(metadata);
  }

  static ObjectState of(byte[] content, String contentType, Map<String, String> metadata) {
    return new ObjectState(content.length, sha256(content), contentType, metadata);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
