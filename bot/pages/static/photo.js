// Photos are made small before they are kept and sent: the line may be weak.

const LONGEST_SIDE = 1600;

// A JPEG as a data URL. Rejects when the file is no picture.
export function scaled(file) {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    const url = URL.createObjectURL(file);
    picture.onerror = () => reject(new Error("no picture"));
    picture.onload = () => {
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
      const brush = canvas.getContext("2d");
      brush.fillStyle = "#fff"; // JPEG knows no transparency
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(url);
      resolve(canvas.toDataURL("image/jpeg", 0.8));
    };
    picture.src = url;
  });
}

export function blobOf(dataUrl) {
  const bytes = atob(dataUrl.slice(dataUrl.indexOf(",") + 1));
  return new Blob([Uint8Array.from(bytes, (character) => character.charCodeAt(0))], { type: "image/jpeg" });
}
