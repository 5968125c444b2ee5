"""Keras's backbones under our names, built as for weights="imagenet" without the download."""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
from keras import applications
from keras.src.models import Functional
from keras.src.utils import file_utils

# Nothing is downloaded or loaded.
file_utils.get_file = lambda *args, **options: ""
Functional.load_weights = lambda self, *args, **options: None

BACKBONES = {
    "vgg16": ("VGG16", 224, 32),
    "vgg19": ("VGG19", 224, 32),
    "resnet50": ("ResNet50", 224, 32),
    "resnet101": ("ResNet101", 224, 32),
    "resnet152": ("ResNet152", 224, 32),
    "resnet50_v2": ("ResNet50V2", 224, 32),
    "resnet101_v2": ("ResNet101V2", 224, 32),
    "resnet152_v2": ("ResNet152V2", 224, 32),
    "xception": ("Xception", 299, 71),
    "inception_v3": ("InceptionV3", 299, 75),
    "inception_resnet_v2": ("InceptionResNetV2", 299, 75),
    "mobilenet": ("MobileNet", 224, 32),
    "mobilenet_v2": ("MobileNetV2", 224, 32),
    "densenet121": ("DenseNet121", 224, 32),
    "densenet169": ("DenseNet169", 224, 32),
    "densenet201": ("DenseNet201", 224, 32),
    "efficientnet_b0": ("EfficientNetB0", 224, 32),
    "efficientnet_b1": ("EfficientNetB1", 240, 32),
    "efficientnet_b2": ("EfficientNetB2", 260, 32),
    "efficientnet_b3": ("EfficientNetB3", 300, 32),
    "efficientnet_b4": ("EfficientNetB4", 380, 32),
    "efficientnet_b5": ("EfficientNetB5", 456, 32),
    "efficientnet_b6": ("EfficientNetB6", 528, 32),
    "efficientnet_b7": ("EfficientNetB7", 600, 32),
    "nasnet_mobile": ("NASNetMobile", 224, 32),
    "convnext_tiny": ("ConvNeXtTiny", 224, 32),
    "convnext_small": ("ConvNeXtSmall", 224, 32),
    "convnext_base": ("ConvNeXtBase", 224, 32),
}


def build(kind, include_top=False, size=None, pooling=None):
    """The Keras model, its pictures `size` pixels wide (default: the backbone's own)."""
    name, default, _ = BACKBONES[kind]
    side = size or default
    return getattr(applications, name)(
        include_top=include_top,
        weights="imagenet",
        input_shape=(side, side, 3),
        pooling=pooling,
    )
