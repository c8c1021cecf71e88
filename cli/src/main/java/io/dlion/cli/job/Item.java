package io.dlion.cli.job;

/**
 * One value as somebody wrote it.
 *
 * @param name its name within a key that holds several ({@code batching.initial} in {@code set}),
 *     else empty
 * @param text the value
 * @param place where it stands
 */
record Item(String name, String text, Place place) {}
