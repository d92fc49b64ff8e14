/* Makes a v4l2loopback device an MJPEG camera: writes JPEG files to it in turn, until killed.
 *   mjpgfeed DEVICE WIDTH HEIGHT FRAMES_PER_SECOND FILE... */
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int failed(const char *what) {
    perror(what);
    return 2;
}

int main(int count, char **words) {
    static char picture[8 << 20];
    if (count < 6) {
        fprintf(stderr, "usage: mjpgfeed DEVICE WIDTH HEIGHT FRAMES_PER_SECOND FILE...\n");
        return 1;
    }

    int device = open(words[1], O_RDWR | O_CLOEXEC), rate = atoi(words[4]);
    if (device < 0) return failed(words[1]);
    // v4l2loopback allows what it told that it can, the last time that it was asked.
    struct v4l2_capability capability;
    if (ioctl(device, VIDIOC_QUERYCAP, &capability)) return failed("VIDIOC_QUERYCAP");
    struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_OUTPUT };
    format.fmt.pix.width = atoi(words[2]);
    format.fmt.pix.height = atoi(words[3]);
    format.fmt.pix.pixelformat = V4L2_PIX_FMT_MJPEG;
    format.fmt.pix.field = V4L2_FIELD_NONE;
    format.fmt.pix.sizeimage = format.fmt.pix.width * format.fmt.pix.height * 2;
    format.fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
    if (ioctl(device, VIDIOC_S_FMT, &format)) return failed("VIDIOC_S_FMT");
    struct v4l2_streamparm rates = { .type = format.type };
    rates.parm.output.timeperframe = (struct v4l2_fract){ 1, rate };
    if (ioctl(device, VIDIOC_S_PARM, &rates)) return failed("VIDIOC_S_PARM");
    // Tells the driver that this is the writer: a writer that only writes is never missed, and no other one is let in after it.
    int type = format.type;
    if (ioctl(device, VIDIOC_STREAMON, &type)) return failed("VIDIOC_STREAMON");

    for (int i = 0;; i = (i + 1) % (count - 5)) {
        FILE *file = fopen(words[5 + i], "rb");
        if (!file) return failed(words[5 + i]);
        size_t length = fread(picture, 1, sizeof picture, file);
        fclose(file);
        if (write(device, picture, length) != (ssize_t)length) return failed("write");
        nanosleep(&(struct timespec){ .tv_nsec = 1000000000 / rate - 1 }, NULL);
    }
}
