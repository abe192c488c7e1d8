package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.Digests;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an ETag can tell of content.
 *
 * <p>S3's manual promises little: the MD5 of the content where an object was put in one piece and
 * is not encrypted with KMS or a customer's key; after a multipart upload, by convention, the MD5
 * of the parts' MD5s, a dash and the number of parts. An ETag that equals what we computed
 * therefore proves content; one that does not equal it proves nothing.
 */
public final class ETags {

  private static final Pattern OF_WHOLE = Pattern.compile("[0-9a-f]{32}");

  private static final Pattern OF_PARTS = Pattern.compile("[0-9a-f]{32}-([1-9][0-9]{0,4})");

  private ETags() {}

  /** The ETag without quotes, in lower case; empty where there is none. */
  public static String bare(@Nullable String etag) {
    return etag == null ? "" : etag.replace("\"", "").toLowerCase(Locale.ROOT);
  }

  public static boolean same(@Nullable String one, @Nullable String other) {
    return bare(one).equals(bare(other));
  }

  /** What an object's ETag is after a put in one piece. */
  public static String ofWhole(byte[] md5) {
    return HexFormat.of().formatHex(md5);
  }

  /** Whether the ETag may be the MD5 of an object that was put in one piece. */
  public static boolean isOfWhole(String etag) {
    return OF_WHOLE.matcher(bare(etag)).matches();
  }

  /** What an object's ETag is after an upload in parts, whose own ETags these are. */
  public static String ofParts(List<String> parts) {
    MessageDigest digest = Digests.md5();
    parts.forEach(part -> digest.update(HexFormat.of().parseHex(part)));
    return Digests.hex(digest) + "-" + parts.size();
  }

  /** In how many parts the object was uploaded, where its ETag says so. */
  public static OptionalInt parts(String etag) {
    Matcher matcher = OF_PARTS.matcher(bare(etag));
    return matcher.matches()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }
}
