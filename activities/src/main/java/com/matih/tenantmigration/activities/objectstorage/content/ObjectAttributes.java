package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.objectstorage.client.Utf8Headers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * What an object carries beside its content, as it stands in the headers. Encryption is not among
 * it, as that is the target bucket's own, nor are {@link BucketTraits}.
 */
public record ObjectAttributes(
    @Nullable String contentType,
    @Nullable String contentEncoding,
    @Nullable String contentLanguage,
    @Nullable String contentDisposition,
    @Nullable String cacheControl,
    @Nullable String expires,
    @Nullable String websiteRedirectLocation,
    Map<String, String> userMetadata) {

  /** What S3 gives an object that was written without a type. */
  private static final String DEFAULT_TYPE = "binary/octet-stream";

  /** How a body was framed on its way, which some servers keep although it is not the object's. */
  private static final String FRAMING = "aws-chunked";

  /** Headers mean the same on all servers then, which store and answer them in different ways. */
  public ObjectAttributes {
    contentType = contentType == null || contentType.isBlank() ? DEFAULT_TYPE : contentType;
    contentEncoding = withoutFraming(contentEncoding);
    contentLanguage = emptyToNull(contentLanguage);
    contentDisposition = emptyToNull(contentDisposition);
    cacheControl = emptyToNull(cacheControl);
    expires = emptyToNull(expires);
    Map<String, String> inLowerCase = new TreeMap<>();
    userMetadata.forEach((name, value) -> inLowerCase.put(name.toLowerCase(Locale.ROOT), value));
    userMetadata = inLowerCase;
  }

  private static @Nullable String withoutFraming(@Nullable String encodings) {
    if (encodings == null || !encodings.contains(FRAMING)) {
      return emptyToNull(encodings);
    }
    return emptyToNull(
        Pattern.compile(",")
            .splitAsStream(encodings)
            .map(String::strip)
            .filter(encoding -> !encoding.equals(FRAMING))
            .collect(Collectors.joining(",")));
  }

  private static @Nullable String emptyToNull(@Nullable String value) {
    return value == null || value.isBlank() ? null : value;
  }

  public static ObjectAttributes of(String uri, GetObjectResponse object) {
    refuseHiddenMetadata(uri, object.missingMeta());
    return whole(
        uri,
        new ObjectAttributes(
            object.contentType(),
            object.contentEncoding(),
            object.contentLanguage(),
            object.contentDisposition(),
            object.cacheControl(),
            object.expiresString(),
            object.websiteRedirectLocation(),
            object.metadata()));
  }

  public static ObjectAttributes of(String uri, HeadObjectResponse object) {
    refuseHiddenMetadata(uri, object.missingMeta());
    return whole(
        uri,
        new ObjectAttributes(
            object.contentType(),
            object.contentEncoding(),
            object.contentLanguage(),
            object.contentDisposition(),
            object.cacheControl(),
            object.expiresString(),
            object.websiteRedirectLocation(),
            object.metadata()));
  }

  public void applyTo(PutObjectRequest.Builder put) {
    put.contentType(contentType)
        .contentEncoding(contentEncoding)
        .contentLanguage(contentLanguage)
        .contentDisposition(contentDisposition)
        .cacheControl(cacheControl)
        .websiteRedirectLocation(websiteRedirectLocation)
        .metadata(userMetadata);
    if (expires != null) {
      // as it was written, even where it is no date
      put.overrideConfiguration(headers -> headers.putHeader("Expires", expires));
    }
  }

  public void applyTo(CreateMultipartUploadRequest.Builder create) {
    create
        .contentType(contentType)
        .contentEncoding(contentEncoding)
        .contentLanguage(contentLanguage)
        .contentDisposition(contentDisposition)
        .cacheControl(cacheControl)
        .websiteRedirectLocation(websiteRedirectLocation)
        .metadata(userMetadata);
    if (expires != null) {
      create.overrideConfiguration(headers -> headers.putHeader("Expires", expires));
    }
  }

  /** The names of the attributes in which the two differ. */
  public List<String> differences(ObjectAttributes other) {
    List<String> names = new ArrayList<>();
    note(names, "content-type", contentType, other.contentType);
    note(names, "content-encoding", contentEncoding, other.contentEncoding);
    note(names, "content-language", contentLanguage, other.contentLanguage);
    note(names, "content-disposition", contentDisposition, other.contentDisposition);
    note(names, "cache-control", cacheControl, other.cacheControl);
    note(names, "expires", expires, other.expires);
    note(
        names, "website-redirect-location", websiteRedirectLocation, other.websiteRedirectLocation);
    note(names, "user metadata", userMetadata, other.userMetadata);
    return names;
  }

  private static void note(
      List<String> names, String name, @Nullable Object mine, @Nullable Object others) {
    if (!Objects.equals(mine, others)) {
      names.add(name);
    }
  }

  private static ObjectAttributes whole(String uri, ObjectAttributes read) {
    List<String> names = new ArrayList<>();
    noteOddBytes(names, "Content-Type", read.contentType);
    noteOddBytes(names, "Content-Encoding", read.contentEncoding);
    noteOddBytes(names, "Content-Language", read.contentLanguage);
    noteOddBytes(names, "Content-Disposition", read.contentDisposition);
    noteOddBytes(names, "Cache-Control", read.cacheControl);
    noteOddBytes(names, "Expires", read.expires);
    noteOddBytes(names, "x-amz-website-redirect-location", read.websiteRedirectLocation);
    read.userMetadata.forEach((name, value) -> noteOddBytes(names, "x-amz-meta-" + name, value));
    if (!names.isEmpty()) {
      throw new MigrationException(
          FailureType.NOT_MOVABLE,
          "%s has a value of %s that is not UTF-8, so it cannot be signed and written again. Rewrite the value in UTF-8 or ASCII."
              .formatted(uri, String.join(", ", names)));
    }
    return read;
  }

  private static void noteOddBytes(List<String> names, String name, @Nullable String value) {
    if (value != null && !Utf8Headers.isWhole(value)) {
      names.add(name);
    }
  }

  /** S3 counts in x-amz-missing-meta what it cannot put into headers. */
  private static void refuseHiddenMetadata(String uri, @Nullable Integer missing) {
    if (missing != null && missing > 0) {
      throw new MigrationException(
          FailureType.NOT_MOVABLE,
          "%s has %s that its server cannot return. Rewrite the metadata with printable"
                  .formatted(uri, missing == 1 ? "1 metadata entry" : missing + " metadata entries")
              + " characters.");
    }
  }
}
