/** The trained model of a run: opened, evaluated, exported. */
@NullMarked
package io.dlion.cli.model;

import org.jspecify.annotations.NullMarked;
